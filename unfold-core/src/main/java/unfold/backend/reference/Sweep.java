package unfold.backend.reference;

import java.util.List;
import unfold.op.RecurrentSequence;

/// The steps of a recurrent layer in the order in which they happen, and where states lie.
///
/// @param lengths of the rows; null where all are whole
final class Sweep {
  private final boolean reverse;
  private final int steps;
  private final int rows;
  private final int[] lengths;

  private Sweep(boolean reverse, int steps, int rows, int[] lengths) {
    this.reverse = reverse;
    this.steps = steps;
    this.rows = rows;
    this.lengths = lengths;
  }

  /// @param states h at every moment
  /// @param at place of the lengths among the operands, if there are any
  static Sweep of(RecurrentSequence op, Numbers states, List<Numbers> in, int at) {
    int rows = states.dim(1);
    int steps = states.dim(0) - 1;
    int[] lengths = new int[rows];
    for (int n = 0; n < rows; n++) {
      lengths[n] = in.size() > at ? (int) in.get(at).get(n) : steps;
    }
    return new Sweep(op.reverse(), steps, rows, lengths);
  }

  int steps() {
    return steps;
  }

  int rows() {
    return rows;
  }

  /// The step that happens as the k-th.
  int step(int k) {
    return reverse ? steps - 1 - k : k;
  }

  /// The row of states [T+1 × N × …] that step t starts from.
  long from(int t, int n) {
    return (long) (reverse ? t + 1 : t) * rows + n;
  }

  /// The row of states that step t makes.
  long to(int t, int n) {
    return (long) (reverse ? t : t + 1) * rows + n;
  }

  /// The row of values [T × N × …] at step t.
  long at(int t, int n) {
    return (long) t * rows + n;
  }

  /// The row of states that holds the initial one.
  long initial(int n) {
    return (long) (reverse ? steps : 0) * rows + n;
  }

  /// Whether step t happens in row n.
  boolean happens(int t, int n) {
    return t < lengths[n];
  }
}
