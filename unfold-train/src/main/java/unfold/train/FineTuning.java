package unfold.train;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
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
/// @param unfreeze which of the frozen depths begin to learn later, from the top: after every so
///   many epochs one more (`2`), or how many stay frozen after how many epochs (`3=6,6=0`); at
///   first it is all but the last depth if `freeze` does not say otherwise; empty for never
/// @source the one number, and unfreezing step by step: Howard, Ruder: Universal language model
///   fine-tuning (2018), 3.2 and 3.3
public record FineTuning(String freeze, String rates, String unfreeze) {
  public static final FineTuning NONE = new FineTuning("", "", "");

  private static final String BACKBONE = "backbone";
  private static final String NUMBER = "[0-9]{1,6}";

  public FineTuning freeze(String layers) {
    return new FineTuning(layers, rates, unfreeze);
  }

  public FineTuning rates(String factors) {
    return new FineTuning(freeze, factors, unfreeze);
  }

  public FineTuning unfreeze(String steps) {
    return new FineTuning(freeze, rates, steps);
  }

  /// A part of a run in which the same layers learn. Each begins with an empty optimiser's memory.
  ///
  /// @param epoch that it begins with, from 0
  /// @param frozen depths, counted from the picture
  public record Phase(int epoch, int frozen, Freeze freeze) {
    /// What learns from here on: one line.
    String words(Model model) {
      List<Depth> depths = Depth.of(model);
      List<Depth> learning = depths.subList(frozen, depths.size());
      return String.format(
          Locale.ROOT,
          "from epoch %d on %d of %d depths learn (%s: %,d of %,d numbers)",
          epoch + 1,
          learning.size(),
          depths.size(),
          learning.size() == 1
              ? learning.getFirst().name()
              : learning.getFirst().name() + " to " + learning.getLast().name(),
          learning.stream().mapToLong(Depth::parameters).sum(),
          depths.stream().mapToLong(Depth::parameters).sum());
    }
  }

  /// The phases of a run, one if nothing is freed on the way.
  ///
  /// @throws InputException if layers, depths or epochs do not fit
  public List<Phase> phases(Model model) {
    if (unfreeze.isBlank()) {
      return List.of(new Phase(0, 0, frozen(model)));
    }
    String first = freeze.isBlank() ? BACKBONE : freeze.strip();
    if (!first.equals(BACKBONE) && !first.matches(NUMBER)) {
      throw new InputException(
          "unfreezing goes by depths, so what is frozen at first must be a number of them or"
              + " backbone, not '"
              + freeze
              + "'");
    }
    List<Depth> depths = Depth.of(model);
    int frozen = count(first, depths, model);
    var phases = new ArrayList<Phase>();
    phases.add(new Phase(0, frozen, below(depths, frozen)));
    String word = unfreeze.strip();
    if (word.matches(NUMBER) && Integer.parseInt(word) > 0) {
      int every = Integer.parseInt(word);
      for (int k = 1; k <= frozen; k++) {
        phases.add(new Phase(k * every, frozen - k, below(depths, frozen - k)));
      }
      return List.copyOf(phases);
    }
    for (String step : words(word)) {
      String[] sides = step.split("=", -1);
      if (sides.length != 2 || !sides[0].matches(NUMBER) || !sides[1].matches(NUMBER)) {
        throw new InputException(
            "unfreezing '"
                + step
                + "' must be EPOCHS=DEPTHS, as in 3=6,6=0 (after 3 epochs the first 6 depths stay"
                + " frozen, after 6 none), or one number of epochs");
      }
      int epoch = Integer.parseInt(sides[0]);
      int still = Integer.parseInt(sides[1]);
      Phase before = phases.getLast();
      if (epoch <= before.epoch() || still >= before.frozen()) {
        throw new InputException(
            "unfreezing '"
                + step
                + "' must come after "
                + before.epoch()
                + " epochs and leave fewer than "
                + before.frozen()
                + " depths of "
                + model.name()
                + " frozen");
      }
      phases.add(new Phase(epoch, still, below(depths, still)));
    }
    return List.copyOf(phases);
  }

  private static Freeze below(List<Depth> depths, int count) {
    var parts = new ArrayList<String>();
    depths.subList(0, count).forEach(d -> parts.addAll(d.parts()));
    return new Freeze(parts, List.of());
  }

  /// What is frozen at first.
  ///
  /// @throws InputException if it names layers that the network does not have, or more depths
  Freeze frozen(Model model) {
    if (!unfreeze.isBlank()) {
      return phases(model).getFirst().freeze();
    }
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
    return below(depths, count(word, depths, model));
  }

  private static int count(String word, List<Depth> depths, Model model) {
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
    return count;
  }

  /// A layer that starts anew has to learn from the first step on.
  ///
  /// @throws InputException if one of these is frozen then
  public void requireLearning(List<String> layers, Model model) {
    Freeze first = frozen(model);
    for (String layer : layers) {
      if (first.covers(layer)) {
        throw new InputException(
            layer
                + " is to start anew, but it is frozen at first and would stay random: freeze less");
      }
    }
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
