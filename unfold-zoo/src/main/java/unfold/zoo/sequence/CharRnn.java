package unfold.zoo.sequence;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import unfold.error.InputException;
import unfold.layer.Cell;
import unfold.layer.Embedding;
import unfold.layer.Gru;
import unfold.layer.Lstm;
import unfold.layer.Recurrent;
import unfold.layer.Rnn;
import unfold.model.LanguageModel;
import unfold.tensor.Shape;

/// The character language model: embedding → stacked LSTM, GRU or RNN → one logit a character.
///
/// Options: `vocabulary` (characters), `cell` (lstm, gru, rnn), `rnn-size` 128, `num-layers` 2,
/// `dropout` 0 (between the layers and before the last one, never from step to step). The embedding
/// is as wide as a layer. Recurrent weights start orthogonal, those of the input by Glorot's rule,
/// the forget gate's bias at 1.
///
/// Parameters: `embedding.weight`, `lstm.weight_ih_l0` … as torch.nn.LSTM has them (`gru.…`,
/// `rnn.…`), `fc.weight`, `fc.bias`.
///
/// @source Karpathy: The unreasonable effectiveness of recurrent neural networks (2015); dropout:
///   Zaremba, Sutskever, Vinyals (2014); forget bias: Jozefowicz, Zaremba, Sutskever (2015)
public final class CharRnn {
  /// Its name in configs and on the command line.
  public static final String NAME = "charlm";

  private static final Map<String, String> DEFAULTS =
      Map.of("cell", "lstm", "rnn-size", "128", "num-layers", "2", "dropout", "0.0");

  private CharRnn() {}

  /// @param changes to the usual options; `vocabulary` must be among them
  /// @throws InputException for an option that there is not, or a value out of its range
  public static LanguageModel model(Map<String, String> changes) {
    var options = new LinkedHashMap<>(DEFAULTS);
    options.putAll(changes);
    for (String key : changes.keySet()) {
      if (!DEFAULTS.containsKey(key) && !key.equals("vocabulary")) {
        throw new InputException(
            NAME + " has no option '" + key + "'; there are vocabulary and " + DEFAULTS.keySet());
      }
    }
    int vocabulary = integer(options, "vocabulary");
    int size = integer(options, "rnn-size");
    int layers = integer(options, "num-layers");
    double dropout = real(options, "dropout");
    if (dropout < 0 || dropout >= 1) {
      throw new InputException(NAME + ": dropout=" + dropout + " must be in 0 … 1, 1 excluded");
    }
    String path = word(options, "cell");
    Cell cell =
        switch (path) {
          case "lstm" -> new Lstm().forgetBias(1);
          case "gru" -> new Gru();
          case "rnn" -> new Rnn();
          default ->
              throw new InputException(NAME + ": cell=" + path + " is none of lstm, gru, rnn");
        };
    var rnn =
        new Recurrent(cell, size, size)
            .layers(layers)
            .dropout(dropout)
            .start(Cell.Start.orthogonal());
    options.put("dropout", Double.toString(dropout));
    return new LanguageModel(
        NAME, options, new Embedding(vocabulary, size), path, rnn, dropout, vocabulary);
  }

  /// The network that these weights belong to: cell, sizes and layers follow from their names and
  /// shapes.
  ///
  /// @param weights shapes by name
  /// @throws InputException if they are those of no such network
  public static LanguageModel fitting(Map<String, Shape> weights, String file) {
    Shape head = weights.get("fc.weight");
    for (String cell : List.of("lstm", "gru", "rnn")) {
      int layers = 0;
      while (weights.containsKey(cell + ".weight_ih_l" + layers)) {
        layers++;
      }
      if (layers > 0 && head != null && head.rank() == 2) {
        return model(
            Map.of(
                "cell", cell,
                "rnn-size", Integer.toString(head.dim(1)),
                "num-layers", Integer.toString(layers),
                "vocabulary", Integer.toString(head.dim(0))));
      }
    }
    throw new InputException(
        file
            + ": is no character model: it needs embedding.weight, fc.weight, fc.bias and layers"
            + " such as lstm.weight_ih_l0 (or gru, rnn), but has "
            + weights.keySet().stream().limit(8).toList());
  }

  private static String word(Map<String, String> options, String key) {
    String word = options.get(key);
    if (word == null) {
      throw new InputException(NAME + " needs the option '" + key + "'");
    }
    return word;
  }

  private static int integer(Map<String, String> options, String key) {
    String word = word(options, key);
    try {
      int number = Integer.parseInt(word);
      if (number >= 1) {
        return number;
      }
    } catch (NumberFormatException _) {
      // Said below.
    }
    throw new InputException(NAME + ": " + key + "=" + word + " must be a whole number from 1");
  }

  private static double real(Map<String, String> options, String key) {
    String word = word(options, key);
    try {
      return Double.parseDouble(word);
    } catch (NumberFormatException _) {
      throw new InputException(NAME + ": " + key + "=" + word + " must be a number");
    }
  }
}
