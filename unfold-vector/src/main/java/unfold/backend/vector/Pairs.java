package unfold.backend.vector;

import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorShuffle;

/// Two bf16 in each lane of ints, as they lie in memory: the lower half has the even place, the
/// upper half the odd one. Widened they need no shuffle.
final class Pairs {
  private static final int UPPER = 0xFFFF0000;

  private static final VectorShuffle<Float> EVENS = VectorShuffle.fromOp(Raw.F, i -> 2 * i % Raw.L);
  private static final VectorShuffle<Float> ODDS =
      VectorShuffle.fromOp(Raw.F, i -> (2 * i + 1) % Raw.L);
  private static final VectorMask<Float> UPPER_HALF = VectorMask.fromLong(Raw.F, -1L << Raw.L / 2);

  private Pairs() {}

  /// Whether the even place is the lower half of an int.
  static boolean fit() {
    return Raw.ORDER == ByteOrder.LITTLE_ENDIAN;
  }

  /// Where element i of a row lies when the even places of each 2·L elements come before the odd
  /// ones.
  static int place(int i) {
    int within = i % (2 * Raw.L);
    return i - within + (within & 1) * Raw.L + within / 2;
  }

  /// Puts n numbers, a multiple of 2·L, at their [#place]s.
  static void part(long tile, int n) {
    for (int j = 0; j < n; j += 2 * Raw.L) {
      FloatVector a = Raw.f32(tile + 4L * j);
      FloatVector b = Raw.f32(tile + 4L * (j + Raw.L));
      Raw.f32(tile + 4L * j, a.rearrange(EVENS).blend(b.rearrange(EVENS), UPPER_HALF));
      Raw.f32(tile + 4L * (j + Raw.L), a.rearrange(ODDS).blend(b.rearrange(ODDS), UPPER_HALF));
    }
  }

  /// The numbers in even places.
  static FloatVector even(IntVector pairs) {
    return pairs.lanewise(VectorOperators.LSHL, 16).reinterpretAsFloats();
  }

  /// The numbers in odd places.
  static FloatVector odd(IntVector pairs) {
    return pairs.and(UPPER).reinterpretAsFloats();
  }

  /// Both rounded to nearest even and put together.
  static IntVector join(FloatVector even, FloatVector odd) {
    IntVector low = rounded(even).lanewise(VectorOperators.LSHR, 16);
    return rounded(odd).and(UPPER).or(low);
  }

  /// With the bf16 in the upper half.
  private static IntVector rounded(FloatVector v) {
    IntVector i = v.reinterpretAsInts();
    return i.add(i.lanewise(VectorOperators.LSHR, 16).and(1)).add(0x7FFF);
  }
}
