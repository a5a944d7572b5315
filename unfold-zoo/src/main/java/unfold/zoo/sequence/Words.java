package unfold.zoo.sequence;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import unfold.error.InputException;
import unfold.layer.Cell;
import unfold.layer.Gru;
import unfold.layer.Lstm;
import unfold.layer.Rnn;

/// The options of a network as words; complaints name it.
///
/// @param model for messages
/// @param options all of them, also those that were left as they usually are
record Words(String model, Map<String, String> options) {

  /// @param defaults usual options
  /// @param required options without a usual value
  /// @throws InputException for an option that there is not
  static Words of(
      String model,
      Map<String, String> defaults,
      List<String> required,
      Map<String, String> changes) {
    var all = new LinkedHashMap<>(defaults);
    all.putAll(changes);
    for (String key : changes.keySet()) {
      if (!defaults.containsKey(key) && !required.contains(key)) {
        throw new InputException(
            model
                + " has no option '"
                + key
                + "'; there are "
                + String.join(", ", required)
                + " and "
                + defaults.keySet());
      }
    }
    return new Words(model, all);
  }

  String word(String key) {
    String word = options.get(key);
    if (word == null) {
      throw new InputException(model + " needs the option '" + key + "'");
    }
    return word;
  }

  int integer(String key) {
    try {
      int number = Integer.parseInt(word(key));
      if (number >= 1) {
        return number;
      }
    } catch (NumberFormatException _) {
      // Said below.
    }
    throw new InputException(
        model + ": " + key + "=" + word(key) + " must be a whole number from 1");
  }

  boolean flag(String key) {
    return switch (word(key)) {
      case "true" -> true;
      case "false" -> false;
      default -> throw none(key, "true, false");
    };
  }

  /// A number in 0 … 1, 1 excluded. Afterwards written as a number is.
  double share(String key) {
    try {
      double number = Double.parseDouble(word(key));
      if (number >= 0 && number < 1) {
        options.put(key, Double.toString(number));
        return number;
      }
    } catch (NumberFormatException _) {
      // Said below.
    }
    throw new InputException(
        model + ": " + key + "=" + word(key) + " must be in 0 … 1, 1 excluded");
  }

  /// `cell`: an LSTM remembers from the beginning, with its forget gate's bias at 1.
  Cell cell() {
    return switch (word("cell")) {
      case "lstm" -> new Lstm().forgetBias(1);
      case "gru" -> new Gru();
      case "rnn" -> new Rnn();
      default -> throw none("cell", "lstm, gru, rnn");
    };
  }

  InputException none(String key, String choices) {
    return new InputException(
        model + ": " + key + "=" + options.get(key) + " is none of " + choices);
  }
}
