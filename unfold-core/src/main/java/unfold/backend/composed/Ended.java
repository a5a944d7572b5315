package unfold.backend.composed;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;
import java.util.Optional;
import unfold.backend.Kernel;
import unfold.tensor.DType;

/// Rows that have ended before a step: what the step's kernels wrote there is put right behind it.
/// Without lengths there is nothing to do.
final class Ended {
  private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED;

  private final Optional<MemorySegment> lengths;
  private final int rows;
  private final List<Kernel> kernels;

  /// @param at place of the lengths among the operands, if there are any
  /// @param kernels where corrections are added
  Ended(List<MemorySegment> in, int at, int rows, List<Kernel> kernels) {
    this.lengths = in.size() > at ? Optional.of(in.get(at)) : Optional.empty();
    this.rows = rows;
    this.kernels = kernels;
  }

  @FunctionalInterface
  private interface Row {
    void correct(int n);
  }

  private void add(int t, Row row) {
    if (lengths.isPresent()) {
      MemorySegment all = lengths.get();
      kernels.add(() -> {
        for (int n = 0; n < rows; n++) {
          if (t >= all.getAtIndex(INT, n)) {
            row.correct(n);
          }
        }
      });
    }
  }

  /// Rows of `to` that ended before step t are those of `from`.
  void keep(int t, MemorySegment from, MemorySegment to) {
    long bytes = to.byteSize() / rows;
    add(t, n -> MemorySegment.copy(from, n * bytes, to, n * bytes, bytes));
  }

  /// Rows that ended before step t are zeros.
  void zero(int t, MemorySegment values) {
    long bytes = values.byteSize() / rows;
    add(t, n -> values.asSlice(n * bytes, bytes).fill((byte) 0));
  }

  /// Rows of `sum` that ended before step t are the sum of `outside` (type `real`) and `later`.
  void pass(int t, DType real, MemorySegment outside, MemorySegment later, MemorySegment sum) {
    boolean bf16 = real == DType.BF16;
    long width = sum.byteSize() / Float.BYTES / rows;
    add(
        t,
        n -> {
          for (long i = n * width; i < (n + 1) * width; i++) {
            Reals.putF32(sum, i, Reals.get(bf16, outside, i) + Reals.getF32(later, i));
          }
        });
  }
}
