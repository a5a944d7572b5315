package unfold.backend.composed;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import unfold.backend.Kernel;
import unfold.tensor.Bf16;
import unfold.tensor.DType;

/// Small kernels on numbers in a row: what happens once a run, or seldom.
final class Reals {
  private static final ValueLayout.OfFloat FLOAT = ValueLayout.JAVA_FLOAT_UNALIGNED;
  private static final ValueLayout.OfShort SHORT = ValueLayout.JAVA_SHORT_UNALIGNED;

  private Reals() {}

  static Kernel copy(MemorySegment from, MemorySegment to) {
    return () -> MemorySegment.copy(from, 0, to, 0, to.byteSize());
  }

  static Kernel zero(MemorySegment all) {
    return () -> all.fill((byte) 0);
  }

  /// y = a + b, a and y of type `real`, b in f32.
  static Kernel add(DType real, MemorySegment a, MemorySegment b, MemorySegment y) {
    boolean bf16 = real == DType.BF16;
    long count = b.byteSize() / Float.BYTES;
    return () -> {
      for (long i = 0; i < count; i++) {
        float sum = get(bf16, a, i) + b.getAtIndex(FLOAT, i);
        if (bf16) {
          y.setAtIndex(SHORT, i, Bf16.fromFloat(sum));
        } else {
          y.setAtIndex(FLOAT, i, sum);
        }
      }
    };
  }

  /// y = a + b for `count` elements, a of type `real`, b and y in f32.
  static void addWide(
      DType real, MemorySegment a, MemorySegment b, MemorySegment y, long from, long count) {
    boolean bf16 = real == DType.BF16;
    for (long i = from; i < from + count; i++) {
      y.setAtIndex(FLOAT, i, get(bf16, a, i) + b.getAtIndex(FLOAT, i));
    }
  }

  private static float get(boolean bf16, MemorySegment x, long i) {
    return bf16 ? Bf16.toFloat(x.getAtIndex(SHORT, i)) : x.getAtIndex(FLOAT, i);
  }
}
