package unfold.inspect;

import java.util.List;
import java.util.Locale;
import unfold.error.InputException;
import unfold.graph.Node;
import unfold.op.RecurrentSequence;
import unfold.op.RecurrentSequence.GruSequence;
import unfold.op.RecurrentSequence.GruSequenceGrad;
import unfold.op.RecurrentSequence.LstmSequence;
import unfold.op.RecurrentSequence.LstmSequenceGrad;
import unfold.op.RecurrentSequence.RnnSequence;
import unfold.op.RecurrentSequence.RnnSequenceGrad;

/// A quantity within a recurrent cell, as it is after each step.
public enum Within {
  /// the state that goes up and on, in −1 … 1
  H("h"),
  /// an LSTM's memory, of any size
  C("c"),
  /// an LSTM's input gate, in 0 … 1 as all gates
  I("i"),
  /// its forget gate
  F("f"),
  /// its candidate, in −1 … 1
  G("g"),
  /// its output gate
  O("o"),
  /// a GRU's reset gate
  R("r"),
  /// its update gate: 1 keeps the state
  Z("z"),
  /// its candidate, in −1 … 1
  N("n");

  private final String symbol;

  Within(String symbol) {
    this.symbol = symbol;
  }

  /// @throws InputException for a word that names none
  public static Within parse(String word) {
    for (Within w : values()) {
      if (w.symbol.equals(word.toLowerCase(Locale.ROOT))) {
        return w;
      }
    }
    throw new InputException(
        "there is no '" + word + "' within a cell; there are h, c, i, f, g, o, r, z, n");
  }

  /// Whether it opens and closes, in 0 … 1.
  public boolean gate() {
    return switch (this) {
      case I, F, O, R, Z -> true;
      case H, C, G, N -> false;
    };
  }

  /// A value of it as a number in −1 … 1 for a colour: tanh c, a gate's distance from half open.
  public double signed(double value) {
    return this == C ? Math.tanh(value) : gate() ? 2 * value - 1 : value;
  }

  @Override
  public String toString() {
    return symbol;
  }

  /// Where a quantity lies: a result of the op, and the block of it.
  record Place(int result, int block) {}

  /// What there is within an op's cell, the states first.
  static List<Within> of(RecurrentSequence op) {
    return switch (op) {
      case LstmSequence _ -> List.of(H, C, I, F, G, O);
      case GruSequence _ -> List.of(H, R, Z, N);
      case RnnSequence _ -> List.of(H);
      case LstmSequenceGrad _, GruSequenceGrad _, RnnSequenceGrad _ -> List.of();
    };
  }

  /// @throws InputException if the node's cell has no such thing
  Place in(Node node) {
    var op = (RecurrentSequence) node.op();
    List<Within> there = of(op);
    if (!there.contains(this)) {
      throw new InputException(
          node.scope() + ": has no " + symbol + "; within its cells there are " + there);
    }
    int gates = op instanceof LstmSequence ? 3 : 1;
    return switch (this) {
      case H -> new Place(0, 0);
      case C -> new Place(2, 0);
      case I, R -> new Place(gates, 0);
      case F, Z -> new Place(gates, 1);
      case G, N -> new Place(gates, 2);
      case O -> new Place(gates, 3);
    };
  }
}
