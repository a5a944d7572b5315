package unfold.experiment;

import java.util.Locale;
import unfold.error.InputException;
import unfold.layer.Cell;
import unfold.layer.Gru;
import unfold.layer.Lstm;
import unfold.layer.Rnn;

/// The cells that experiments compare.
public enum CellKind {
  /// h = tanh(W·x + U·h)
  RNN(new Rnn()),
  /// With forget gates that start open (bias 1).
  LSTM(new Lstm().forgetBias(1)),
  GRU(new Gru());

  private final Cell cell;

  CellKind(Cell cell) {
    this.cell = cell;
  }

  public Cell cell() {
    return cell;
  }

  /// `rnn`, `lstm` or `gru`.
  public static CellKind parse(String word) {
    for (CellKind kind : values()) {
      if (kind.toString().equals(word)) {
        return kind;
      }
    }
    throw new InputException("there is no cell '" + word + "'; there are rnn, lstm, gru");
  }

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
