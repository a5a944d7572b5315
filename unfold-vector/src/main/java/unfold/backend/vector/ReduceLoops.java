package unfold.backend.vector;

import static unfold.backend.vector.Raw.F;
import static unfold.backend.vector.Raw.L;
import static unfold.backend.vector.Raw.f32;
import static unfold.backend.vector.Raw.load;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;

/// Sums and extremes, down the rows of a [Grid] or along a line.
final class ReduceLoops {
  /// Rows that are folded before the result goes back to memory.
  static final int GROUP = 8;

  private ReduceLoops() {}

  /// s += Σx down `groups` groups of 8 rows.
  static void sums(boolean bf16, long x, int period, long groups, long s) {
    for (long g = 0; g < groups; g++) {
      long group = x + (g * GROUP * period << Raw.shift(bf16));
      for (int j = 0; j < period; j += L) {
        FloatVector sum = f32(s + 4L * j);
        for (int r = 0; r < GROUP; r++) {
          sum = sum.add(load(bf16, group, (long) r * period + j));
        }
        f32(s + 4L * j, sum);
      }
    }
  }

  /// The same for n elements of one row.
  static void sumsOfRow(boolean bf16, long x, int n, long s) {
    for (int j = 0; j < n; j += L) {
      f32(s + 4L * j, f32(s + 4L * j).add(load(bf16, x, j)));
    }
  }

  /// s += x for n numbers in f32. Not by [#sumsOfRow], whose x may be bf16 only: HotSpot compiles a
  /// loop for the types that it has seen.
  static void add(long x, int n, long s) {
    for (int j = 0; j < n; j += L) {
      f32(s + 4L * j, f32(s + 4L * j).add(f32(x + 4L * j)));
    }
  }

  /// s = max(s, x) for n elements of one row.
  static void largestOfRow(boolean bf16, long x, int n, long s) {
    for (int j = 0; j < n; j += L) {
      f32(s + 4L * j, f32(s + 4L * j).max(load(bf16, x, j)));
    }
  }

  static void smallestOfRow(boolean bf16, long x, int n, long s) {
    for (int j = 0; j < n; j += L) {
      f32(s + 4L * j, f32(s + 4L * j).min(load(bf16, x, j)));
    }
  }

  /// Σx over n elements, a multiple of the vector length.
  static float sum(boolean bf16, long x, int n) {
    FloatVector a = FloatVector.zero(F);
    FloatVector b = FloatVector.zero(F);
    int i = 0;
    for (; i + L < n; i += 2 * L) {
      a = a.add(load(bf16, x, i));
      b = b.add(load(bf16, x, i + L));
    }
    if (i < n) {
      a = a.add(load(bf16, x, i));
    }
    return Raw.sum(a.add(b));
  }

  static float sumOfSquares(boolean bf16, long x, int n) {
    FloatVector a = FloatVector.zero(F);
    FloatVector b = FloatVector.zero(F);
    int i = 0;
    for (; i + L < n; i += 2 * L) {
      FloatVector u = load(bf16, x, i);
      FloatVector v = load(bf16, x, i + L);
      a = u.fma(u, a);
      b = v.fma(v, b);
    }
    if (i < n) {
      FloatVector u = load(bf16, x, i);
      a = u.fma(u, a);
    }
    return Raw.sum(a.add(b));
  }

  static float largest(boolean bf16, long x, int n) {
    FloatVector a = FloatVector.broadcast(F, Float.NEGATIVE_INFINITY);
    for (int i = 0; i < n; i += L) {
      a = a.max(load(bf16, x, i));
    }
    return a.reduceLanes(VectorOperators.MAX);
  }

  static float smallest(boolean bf16, long x, int n) {
    FloatVector a = FloatVector.broadcast(F, Float.POSITIVE_INFINITY);
    for (int i = 0; i < n; i += L) {
      a = a.min(load(bf16, x, i));
    }
    return a.reduceLanes(VectorOperators.MIN);
  }
}
