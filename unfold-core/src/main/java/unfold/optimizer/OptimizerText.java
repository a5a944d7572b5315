package unfold.optimizer;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import unfold.error.InputException;
import unfold.error.Nearest;

/// Optimisers as words: `name(rate,key=number,…)`.
final class OptimizerText {
  private static final String FORMS =
      "sgd(0.1,momentum=0.9,nesterov=1,dampening=0,decay=5e-4),"
          + " adam(0.001,beta1=0.9,beta2=0.999,epsilon=1e-8,decay=0), adamw(0.001,decay=0.01),"
          + " rmsprop(0.01,alpha=0.99,epsilon=1e-8,momentum=0,decay=0),"
          + " adagrad(0.01,epsilon=1e-10,decay=0)";

  private static final List<String> NAMES = List.of("sgd", "adam", "adamw", "rmsprop", "adagrad");

  private final String text;
  private final Map<String, Double> keys = new LinkedHashMap<>();

  private OptimizerText(String text) {
    this.text = text;
  }

  static Optimizer parse(String text) {
    return new OptimizerText(text.strip()).optimizer();
  }

  private Optimizer optimizer() {
    int open = text.indexOf('(');
    if (open >= 0 && !text.endsWith(")")) {
      throw error("the closing parenthesis is missing");
    }
    String name = open < 0 ? text : text.substring(0, open);
    if (open >= 0) {
      String arguments = text.substring(open + 1, text.length() - 1);
      for (String word : arguments.isBlank() ? new String[0] : arguments.split(",")) {
        argument(word.strip());
      }
    }
    Optimizer made = named(name);
    if (!(made.rate() > 0) || Double.isInfinite(made.rate())) {
      throw error("the rate must be more than 0");
    }
    if (!keys.isEmpty()) {
      throw error(name + " has no " + String.join(", ", keys.keySet()));
    }
    return made;
  }

  private Optimizer named(String name) {
    return switch (name) {
      case "sgd" -> sgd();
      case "adam" ->
          new Adam(
              take("rate", 1e-3),
              take("beta1", 0.9),
              take("beta2", 0.999),
              take("epsilon", 1e-8),
              take("decay", 0));
      case "adamw" ->
          new AdamW(
              take("rate", 1e-3),
              take("beta1", 0.9),
              take("beta2", 0.999),
              take("epsilon", 1e-8),
              take("decay", 0.01));
      case "rmsprop" ->
          new RmsProp(
              take("rate", 1e-2),
              take("alpha", 0.99),
              take("epsilon", 1e-8),
              take("momentum", 0),
              take("decay", 0));
      case "adagrad" -> new Adagrad(take("rate", 1e-2), take("epsilon", 1e-10), take("decay", 0));
      default -> throw error("there is no optimizer '" + name + "'" + Nearest.meant(name, NAMES));
    };
  }

  private Sgd sgd() {
    double rate = take("rate", 0.1);
    double momentum = take("momentum", 0);
    double dampening = take("dampening", 0);
    boolean nesterov = take("nesterov", 0) != 0;
    if (nesterov && (momentum == 0 || dampening != 0)) {
      throw error("Nesterov's form needs momentum and no dampening");
    }
    return new Sgd(rate, momentum, dampening, nesterov, take("decay", 0));
  }

  /// A number alone is the rate.
  private void argument(String word) {
    int equals = word.indexOf('=');
    String key = equals < 0 ? "rate" : word.substring(0, equals).strip();
    try {
      if (keys.put(key, Double.parseDouble(word.substring(equals + 1))) != null) {
        throw error(key + " is given twice");
      }
    } catch (NumberFormatException _) {
      throw error("'" + word + "' is no number");
    }
  }

  private double take(String key, double otherwise) {
    Double value = keys.remove(key);
    return value == null ? otherwise : value;
  }

  private InputException error(String problem) {
    return new InputException("optimizer '" + text + "': " + problem + "; forms: " + FORMS);
  }

  static String print(Optimizer optimizer) {
    var words = new ArrayList<>(List.of(number(optimizer.rate())));
    String name =
        switch (optimizer) {
          case Sgd o -> {
            unless(0, o.momentum(), "momentum", words);
            unless(0, o.dampening(), "dampening", words);
            unless(0, o.nesterov() ? 1 : 0, "nesterov", words);
            unless(0, o.weightDecay(), "decay", words);
            yield "sgd";
          }
          case Adam o -> {
            adam(o.beta1(), o.beta2(), o.epsilon(), words);
            unless(0, o.weightDecay(), "decay", words);
            yield "adam";
          }
          case AdamW o -> {
            adam(o.beta1(), o.beta2(), o.epsilon(), words);
            unless(0.01, o.weightDecay(), "decay", words);
            yield "adamw";
          }
          case RmsProp o -> {
            unless(0.99, o.alpha(), "alpha", words);
            unless(1e-8, o.epsilon(), "epsilon", words);
            unless(0, o.momentum(), "momentum", words);
            unless(0, o.weightDecay(), "decay", words);
            yield "rmsprop";
          }
          case Adagrad o -> {
            unless(1e-10, o.epsilon(), "epsilon", words);
            unless(0, o.weightDecay(), "decay", words);
            yield "adagrad";
          }
        };
    return name + "(" + String.join(",", words) + ")";
  }

  private static void adam(double beta1, double beta2, double epsilon, List<String> words) {
    unless(0.9, beta1, "beta1", words);
    unless(0.999, beta2, "beta2", words);
    unless(1e-8, epsilon, "epsilon", words);
  }

  private static void unless(double usual, double value, String key, List<String> words) {
    if (value != usual) {
      words.add(key + "=" + number(value));
    }
  }

  private static String number(double value) {
    return value == Math.rint(value) && Math.abs(value) < 1e15
        ? Long.toString((long) value)
        : Double.toString(value);
  }
}
