package unfold.zoo.sequence;

import java.util.List;
import java.util.Map;
import unfold.layer.Cell;
import unfold.layer.Embedding;
import unfold.layer.Recurrent;
import unfold.model.SequenceClassifier;

/// Sentences to be classified, word by word: embedding → LSTM, GRU or RNN → the last state decides.
///
/// Options: `vocabulary` (words) and `classes`; `cell` (lstm, gru, rnn), `embedding-size` 128,
/// `rnn-size` 128, `num-layers` 1, `bidirectional` true, `dropout` 0.5 (on the embedded words,
/// between layers and before the last one).
///
/// Recurrent weights start orthogonal, the forget gate's bias at 1.
///
/// @source both directions: Graves, Schmidhuber: Framewise phoneme classification with
///   bidirectional LSTM (2005); trees against such a network on the same data: Tai, Socher,
///   Manning: Improved semantic representations from tree-structured LSTM networks (2015)
public final class SentenceRnn {
  /// Its name in configs and on the command line.
  public static final String NAME = "sentiment";

  private static final Map<String, String> DEFAULTS =
      Map.of(
          "cell", "lstm",
          "embedding-size", "128",
          "rnn-size", "128",
          "num-layers", "1",
          "bidirectional", "true",
          "dropout", "0.5");

  private SentenceRnn() {}

  /// @param changes to the usual options; `vocabulary` and `classes` must be among them
  /// @throws unfold.error.InputException for an option that there is not, or a value out of range
  public static SequenceClassifier model(Map<String, String> changes) {
    Words o = Words.of(NAME, DEFAULTS, List.of("vocabulary", "classes"), changes);
    int width = o.integer("embedding-size");
    double dropout = o.share("dropout");
    var rnn =
        new Recurrent(o.cell(), width, o.integer("rnn-size"))
            .layers(o.integer("num-layers"))
            .bidirectional(o.flag("bidirectional"))
            .dropout(dropout)
            .start(Cell.Start.orthogonal());
    return new SequenceClassifier(
        NAME,
        o.options(),
        new Embedding(o.integer("vocabulary"), width),
        o.word("cell"),
        rnn,
        dropout,
        o.integer("classes"));
  }
}
