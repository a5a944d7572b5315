package unfold.train.translate;

import java.util.ArrayList;
import java.util.List;
import unfold.inspect.AttentionSheet;
import unfold.inspect.Sheet;

/// Where a network looked while it wrote a translation.
///
/// @param weights a row for each word written and one for the end, in it a weight for each word
///   read and one for the end
public record Looks(Translator.Translation translation, List<List<Double>> weights) {
  private static final String END = "(end)";

  public Looks {
    weights = weights.stream().map(List::copyOf).toList();
  }

  /// As a picture.
  public Sheet sheet(String title) {
    return AttentionSheet.of(
        title, ended(translation.source()), ended(translation.words()), weights);
  }

  private static List<String> ended(List<String> words) {
    var all = new ArrayList<>(words);
    all.add(END);
    return all;
  }
}
