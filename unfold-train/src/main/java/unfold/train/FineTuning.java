package unfold.train;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import unfold.error.InputException;
import unfold.graph.Layers;
import unfold.model.Depth;
import unfold.model.Model;
import unfold.trace.Freeze;

/// What of a network learns, and how fast, where it does not all learn alike.
///
/// @param freeze layers that stay as they are, their batch norms' statistics too: names of layers
///   (`conv1,layer1`), a number of depths counted from the picture (`3`), or `backbone`, all but
///   the last depth; empty for none. A dropout between frozen layers goes on dropping unless it is
///   named
/// @param rates factors on the learning rate: by layer (`features=0.1,classifier=1`, the longest
///   name that fits counts), or one number by which each depth is slower than the one above it
///   (`0.5`); empty for none
/// @source the one number: Howard, Ruder: Universal language model fine-tuning (2018), 3.2
public record FineTuning(String freeze, String rates) {
  public static final FineTuning NONE = new FineTuning("", "");

  private static final String BACKBONE = "backbone";
  private static final String NUMBER = "[0-9]{1,6}";

  public FineTuning freeze(String layers) {
    return new FineTuning(layers, rates);
  }

  public FineTuning rates(String factors) {
    return new FineTuning(freeze, factors);
  }

  /// @throws InputException if it names layers that the network does not have, or more depths
  Freeze frozen(Model model) {
    if (freeze.isBlank()) {
      return Freeze.NOTHING;
    }
    String word = freeze.strip();
    if (!word.equals(BACKBONE) && !word.matches(NUMBER)) {
      List<String> names = words(word);
      names.forEach(name -> require(model, name));
      return new Freeze(names, List.of());
    }
    List<Depth> depths = Depth.of(model);
    int count = word.equals(BACKBONE) ? depths.size() - 1 : Integer.parseInt(word);
    if (count >= depths.size()) {
      throw new InputException(
          "freezing "
              + count
              + " of the "
              + depths.size()
              + " depths of "
              + model.name()
              + " leaves nothing to learn; "
              + (depths.size() - 1)
              + " are the most");
    }
    var parts = new ArrayList<String>();
    depths.subList(0, count).forEach(d -> parts.addAll(d.parts()));
    return new Freeze(parts, List.of());
  }

  /// Factors on the learning rate, as [unfold.optimizer.Updating#rates] takes them.
  ///
  /// @throws InputException if a layer is unknown or a factor no number above 0
  Map<String, Double> factors(Model model) {
    var factors = new LinkedHashMap<String, Double>();
    if (rates.isBlank()) {
      return factors;
    }
    if (!rates.contains("=")) {
      double slower = number(rates.strip());
      double factor = 1;
      for (Depth d : Depth.of(model).reversed()) {
        double own = factor;
        d.parts().forEach(part -> factors.put(part, own));
        factor *= slower;
      }
      return factors;
    }
    for (String word : words(rates)) {
      int equals = word.indexOf('=');
      if (equals < 1) {
        throw new InputException(
            "rate '" + word + "' must be LAYER=FACTOR, as in features=0.1,classifier=1");
      }
      String name = word.substring(0, equals).strip();
      require(model, name);
      factors.put(name, number(word.substring(equals + 1).strip()));
    }
    return factors;
  }

  private static List<String> words(String text) {
    return List.of(text.split(",")).stream()
        .map(String::strip)
        .filter(word -> !word.isEmpty())
        .toList();
  }

  private static void require(Model model, String layer) {
    Layers.require(model.inference(1).graph(), layer);
  }

  private static double number(String word) {
    try {
      double factor = Double.parseDouble(word);
      if (factor > 0 && Double.isFinite(factor)) {
        return factor;
      }
    } catch (NumberFormatException _) {
      // said below
    }
    throw new InputException("'" + word + "' is no factor on a learning rate: a number above 0");
  }
}
