package unfold.zoo.sequence;

import java.util.List;
import java.util.Map;
import unfold.layer.Cell;
import unfold.layer.Recurrent;
import unfold.model.ChordModel;

/// Polyphonic music: an LSTM, GRU or RNN reads chords and foretells the notes of the next.
///
/// Options: `notes` (88 of a piano); `cell` (lstm, gru, rnn), `rnn-size` 200 (some 250,000
/// parameters with one LSTM layer), `num-layers` 1, `dropout` 0 (between layers and before the last
/// one).
///
/// @source Boulanger-Lewandowski, Bengio, Vincent (2012), 6; as measured by Bai, Kolter, Koltun: An
///   empirical evaluation of generic convolutional and recurrent networks for sequence modeling
///   (2018), 5
public final class ChordRnn {
  /// Its name in configs and on the command line.
  public static final String NAME = "chorales";

  private static final Map<String, String> DEFAULTS =
      Map.of("cell", "lstm", "rnn-size", "200", "num-layers", "1", "dropout", "0.0");

  private ChordRnn() {}

  /// @param changes to the usual options; `notes` must be among them
  /// @throws unfold.error.InputException for an option that there is not, or a value out of range
  public static ChordModel model(Map<String, String> changes) {
    Words o = Words.of(NAME, DEFAULTS, List.of("notes"), changes);
    int notes = o.integer("notes");
    int size = o.integer("rnn-size");
    double dropout = o.share("dropout");
    var rnn =
        new Recurrent(o.cell(), notes, size)
            .layers(o.integer("num-layers"))
            .dropout(dropout)
            .start(Cell.Start.orthogonal());
    return new ChordModel(NAME, o.options(), notes, o.word("cell"), rnn, dropout);
  }
}
