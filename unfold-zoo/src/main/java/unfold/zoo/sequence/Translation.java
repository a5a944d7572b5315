package unfold.zoo.sequence;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import unfold.error.InputException;
import unfold.layer.Attention;
import unfold.layer.Cell;
import unfold.layer.Recurrent;
import unfold.model.EncoderDecoder;

/// Many-to-many: sentences in one language to sentences in another.
///
/// Options: `source-vocabulary`, `target-vocabulary` (entries to read and to write); `cell` (lstm,
/// gru, rnn), `rnn-size` 256, `embedding-size` 256, `num-layers` 2, `dropout` 0.3; `attention`
/// (none, dot, additive). Without attention the source is read backwards by a forward encoder,
/// after Sutskever; with attention by one in both directions.
///
/// Recurrent weights start orthogonal, those of the input by Glorot's rule, the forget gate's bias
/// at 1.
///
/// @source Sutskever, Vinyals, Le: Sequence to sequence learning with neural networks (2014)
public final class Translation {
  /// Its name in configs and on the command line.
  public static final String NAME = "translate";

  private static final int ATTENTION_WIDTH = 128;
  private static final Map<String, String> DEFAULTS =
      Map.of(
          "attention", "dot",
          "cell", "lstm",
          "rnn-size", "256",
          "embedding-size", "256",
          "num-layers", "2",
          "dropout", "0.3");

  private Translation() {}

  /// @param changes to the usual options; both vocabularies' sizes must be among them
  /// @throws InputException for an option that there is not, or a value out of its range
  public static EncoderDecoder model(Map<String, String> changes) {
    Words words =
        Words.of(NAME, DEFAULTS, List.of("source-vocabulary", "target-vocabulary"), changes);
    int size = words.integer("rnn-size");
    int embedding = words.integer("embedding-size");
    int layers = words.integer("num-layers");
    double dropout = words.share("dropout");
    Cell cell = words.cell();
    Optional<Attention> attention =
        switch (words.word("attention")) {
          case "none" -> Optional.empty();
          case "dot" -> Optional.of(new Attention.Dot());
          case "additive" -> Optional.of(new Attention.Additive(ATTENTION_WIDTH));
          default -> throw words.none("attention", "none, dot, additive");
        };
    boolean both = attention.isPresent();
    if (both && size % 2 != 0) {
      throw new InputException(
          NAME + ": rnn-size=" + size + " must be even: with attention half of it reads each way");
    }
    var encoder =
        recurrent(cell, embedding, both ? size / 2 : size, layers, dropout).bidirectional(both);
    return new EncoderDecoder(
        NAME,
        words.options(),
        encoder,
        recurrent(cell, embedding, size, layers, dropout),
        attention,
        !both,
        dropout,
        words.integer("source-vocabulary"),
        words.integer("target-vocabulary"));
  }

  private static Recurrent recurrent(Cell cell, int in, int hidden, int layers, double dropout) {
    return new Recurrent(cell, in, hidden)
        .layers(layers)
        .dropout(dropout)
        .start(Cell.Start.orthogonal());
  }
}
