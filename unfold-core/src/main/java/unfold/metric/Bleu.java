package unfold.metric;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import unfold.error.InputException;

/// How much translations agree with those of people: the geometric mean of the shares of their runs
/// of 1 to 4 words that the reference has too, times a penalty where they are shorter than it.
///
/// BLEU = 100 · min(1, e^(1 − r/h)) · (p₁·p₂·p₃·p₄)^¼, over a whole corpus: h and r words of
/// translations and references, pₙ = runs of n words that match (each at most as often as in its
/// reference) / runs of n words. A pₙ of zero becomes 1/(2ᵏ·runs) at the k-th such n.
///
/// Words are made as by mteval-v13a and counted in lower case or as they are, so that the figure is
/// that of sacrebleu with the signature `nrefs:1|eff:no|tok:13a|smooth:exp`.
///
/// @source Papineni et al.: BLEU: a method for automatic evaluation of machine translation (2002);
///   Post: A call for clarity in reporting BLEU scores (2018)
public final class Bleu {
  private static final int ORDER = 4;
  private static final Pattern SYMBOL = Pattern.compile("([{-~\\[-` -&(-+:-@/])");
  private static final Pattern POINT_BEHIND_OTHER = Pattern.compile("([^0-9])([.,])");
  private static final Pattern POINT_BEFORE_OTHER = Pattern.compile("([.,])([^0-9])");
  private static final Pattern DASH_BEHIND_DIGIT = Pattern.compile("([0-9])(-)");
  private static final Pattern SPACE = Pattern.compile("\\s+");

  private final boolean lowerCase;
  private final long[] matching = new long[ORDER];
  private final long[] runs = new long[ORDER];
  private long words;
  private long referenceWords;
  private long sentences;

  /// @param lowerCase whether `The` and `the` are one word
  public Bleu(boolean lowerCase) {
    this.lowerCase = lowerCase;
  }

  /// The figure for two lists of lines.
  ///
  /// @throws InputException if the lists are of different lengths or empty
  public static Bleu of(List<String> translations, List<String> references, boolean lowerCase) {
    if (translations.size() != references.size()) {
      throw new InputException(
          "BLEU compares line by line, but there are "
              + translations.size()
              + " translations and "
              + references.size()
              + " references");
    }
    if (translations.isEmpty()) {
      throw new InputException("BLEU needs at least one sentence, but there is none");
    }
    var bleu = new Bleu(lowerCase);
    for (int i = 0; i < translations.size(); i++) {
      bleu.add(translations.get(i), references.get(i));
    }
    return bleu;
  }

  /// Counts one sentence.
  public void add(String translation, String reference) {
    List<String> ours = words(translation);
    List<String> theirs = words(reference);
    sentences++;
    words += ours.size();
    referenceWords += theirs.size();
    for (int n = 1; n <= ORDER; n++) {
      var there = runs(theirs, n);
      runs[n - 1] += Math.max(0, ours.size() - n + 1);
      for (var run : runs(ours, n).entrySet()) {
        matching[n - 1] += Math.min(run.getValue(), there.getOrDefault(run.getKey(), 0));
      }
    }
  }

  /// 0 to 100.
  public double score() {
    if (Arrays.stream(matching).allMatch(m -> m == 0)) {
      return 0;
    }
    double sum = 0;
    for (int n = 1; n <= ORDER; n++) {
      double precision = precision(n);
      if (precision == 0) {
        return 0;
      }
      sum += Math.log(precision);
    }
    return 100 * brevityPenalty() * Math.exp(sum / ORDER);
  }

  /// Share of the translations' runs of n words that their references have too, smoothed; 0 where
  /// no translation has n words.
  public double precision(int n) {
    if (runs[n - 1] == 0) {
      return 0;
    }
    if (matching[n - 1] > 0) {
      return (double) matching[n - 1] / runs[n - 1];
    }
    double zeros = 1;
    for (int k = 1; k < n; k++) {
      zeros += matching[k - 1] == 0 ? 1 : 0;
    }
    return 1 / (Math.pow(2, zeros) * runs[n - 1]);
  }

  /// 1 where the translations have as many words as the references, less where they have fewer.
  public double brevityPenalty() {
    if (words >= referenceWords) {
      return 1;
    }
    return words == 0 ? 0 : Math.exp(1 - (double) referenceWords / words);
  }

  /// Sentences counted.
  public long sentences() {
    return sentences;
  }

  private static Map<List<String>, Integer> runs(List<String> words, int n) {
    var counts = new HashMap<List<String>, Integer>();
    for (int i = 0; i + n <= words.size(); i++) {
      counts.merge(words.subList(i, i + n), 1, Integer::sum);
    }
    return counts;
  }

  /// The words and signs of a line.
  private List<String> words(String line) {
    String text = lowerCase ? line.toLowerCase(Locale.ROOT) : line;
    text = text.replace("<skipped>", "").replace("-\n", "").replace('\n', ' ');
    text =
        text.replace("&quot;", "\"")
            .replace("&amp;", "&")
            .replace("&lt;", "<")
            .replace("&gt;", ">");
    text = " " + text + " ";
    text = SYMBOL.matcher(text).replaceAll(" $1 ");
    text = POINT_BEHIND_OTHER.matcher(text).replaceAll("$1 $2 ");
    text = POINT_BEFORE_OTHER.matcher(text).replaceAll(" $1 $2");
    text = DASH_BEHIND_DIGIT.matcher(text).replaceAll("$1 $2 ");
    text = text.strip();
    return text.isEmpty() ? List.of() : List.of(SPACE.split(text));
  }

  /// `BLEU 28.31 (61.2/35.4/21.9/13.7, brevity 0.98)`
  @Override
  public String toString() {
    return String.format(
        Locale.ROOT,
        "BLEU %.2f (%.1f/%.1f/%.1f/%.1f, brevity %.3f)",
        score(),
        100 * precision(1),
        100 * precision(2),
        100 * precision(3),
        100 * precision(4),
        brevityPenalty());
  }
}
