package unfold.backend.composed;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;

/// Which rows happen at a step. Rows are put in order once a run, the longest first and equal ones
/// as they lie; so those that happen at a step are always the first few, and those that have ended
/// the others.
final class LiveRows {
  private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED;

  private final MemorySegment lengths;
  private final int[] order;

  /// At t + 1 the rows that are longer than t, for each step t; while rows are put in order, the
  /// place of the next row of each length.
  private final int[] longer;

  /// @param lengths i32, one a row
  LiveRows(MemorySegment lengths, int rows, int steps) {
    this.lengths = lengths;
    this.order = new int[rows];
    this.longer = new int[steps + 2];
  }

  private int steps() {
    return longer.length - 2;
  }

  private int length(int row) {
    return Math.clamp(lengths.getAtIndex(INT, row), 0, steps());
  }

  /// Reads the lengths of this run. Sorts by counting, without memory of its own.
  void sort() {
    Arrays.fill(longer, 0);
    for (int n = 0; n < order.length; n++) {
      longer[length(n)]++;
    }
    for (int l = steps() - 1; l >= 0; l--) {
      longer[l] += longer[l + 1];
    }
    // longer[l] rows have l steps or more: the rows of length l come behind longer[l + 1] others.
    for (int l = 0; l <= steps(); l++) {
      longer[l] = longer[l + 1];
    }
    for (int n = 0; n < order.length; n++) {
      order[longer[length(n)]++] = n;
    }
  }

  /// How many rows happen at step t.
  int count(int t) {
    // Behind the last row of length t + 1 come the shorter ones.
    return longer[t + 1];
  }

  /// The rows in this order, those of the last [#sort].
  int[] order() {
    return order;
  }

  /// The places t·N + n of all rows and steps: first those that happen, step by step, then the
  /// others.
  ///
  /// @return how many happen
  int places(int[] places) {
    int live = 0;
    int ended = places.length;
    for (int t = 0; t < steps(); t++) {
      int count = count(t);
      for (int i = 0; i < count; i++) {
        places[live++] = t * order.length + order[i];
      }
      for (int i = count; i < order.length; i++) {
        places[--ended] = t * order.length + order[i];
      }
    }
    return live;
  }
}
