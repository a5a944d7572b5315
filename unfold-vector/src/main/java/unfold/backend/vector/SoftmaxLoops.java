package unfold.backend.vector;

import static unfold.backend.vector.Raw.F;
import static unfold.backend.vector.Raw.L;
import static unfold.backend.vector.Raw.f32;

import jdk.incubator.vector.FloatVector;

/// The loops of softmax over one row in f32 in a buffer, filled up to whole vectors (n counts
/// those).
final class SoftmaxLoops {
  private SoftmaxLoops() {}

  /// y ← e^(x − largest); returns the sum. In two loops: a sum kept in a register beside the
  /// exponential is put on the heap where rows are one vector long.
  static float exponentials(long x, long y, int n, float largest) {
    for (int i = 0; i < n; i += L) {
      f32(y + 4L * i, VectorMath.exp(f32(x + 4L * i).sub(largest)));
    }
    return ReduceLoops.sum(false, y, n);
  }

  /// Σ a·b
  static float dot(long a, long b, int n) {
    FloatVector sum = FloatVector.zero(F);
    for (int i = 0; i < n; i += L) {
      sum = f32(a + 4L * i).fma(f32(b + 4L * i), sum);
    }
    return Raw.sum(sum);
  }

  /// x ← scale·x + shift
  static void affine(long x, int n, float scale, float shift) {
    for (int i = 0; i < n; i += L) {
      f32(
          x + 4L * i,
          f32(x + 4L * i).fma(FloatVector.broadcast(F, scale), FloatVector.broadcast(F, shift)));
    }
  }

  /// dy ← y·(dy − dot)
  static void grad(long dy, long y, int n, float dot) {
    for (int i = 0; i < n; i += L) {
      f32(dy + 4L * i, f32(dy + 4L * i).sub(dot).mul(f32(y + 4L * i)));
    }
  }

  /// dy ← dy − eʸ·sum
  static void logGrad(long dy, long y, int n, float sum) {
    for (int i = 0; i < n; i += L) {
      FloatVector e = VectorMath.exp(f32(y + 4L * i));
      f32(dy + 4L * i, e.fma(FloatVector.broadcast(F, -sum), f32(dy + 4L * i)));
    }
  }
}
