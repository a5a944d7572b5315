package unfold.zoo.sequence;

import java.util.List;
import java.util.Map;
import unfold.error.InputException;
import unfold.layer.Cell;
import unfold.layer.Embedding;
import unfold.layer.Recurrent;
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
    Words o = Words.of(NAME, DEFAULTS, List.of("vocabulary"), changes);
    int vocabulary = o.integer("vocabulary");
    int size = o.integer("rnn-size");
    double dropout = o.share("dropout");
    var rnn =
        new Recurrent(o.cell(), size, size)
            .layers(o.integer("num-layers"))
            .dropout(dropout)
            .start(Cell.Start.orthogonal());
    return new LanguageModel(
        NAME,
        o.options(),
        new Embedding(vocabulary, size),
        o.word("cell"),
        rnn,
        dropout,
        vocabulary);
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
}
