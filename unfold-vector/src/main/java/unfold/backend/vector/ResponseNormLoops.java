package unfold.backend.vector;

import static unfold.backend.vector.Raw.F;
import static unfold.backend.vector.Raw.L;
import static unfold.backend.vector.Raw.f32;

import jdk.incubator.vector.FloatVector;

/// The loops of local response normalisation, over f32 in buffers of whole vectors.
final class ResponseNormLoops {
  private ResponseNormLoops() {}

  static void squares(long x, long y, int n) {
    for (int i = 0; i < n; i += L) {
      FloatVector v = f32(x + 4L * i);
      f32(y + 4L * i, v.mul(v));
    }
  }

  /// y[i] = shift + scale · Σ x[i + first + j], j < size
  static void windows(long x, long y, int n, int first, int size, float scale, float shift) {
    for (int i = 0; i < n; i += L) {
      FloatVector sum = FloatVector.zero(F);
      for (int j = 0; j < size; j++) {
        sum = sum.add(f32(x + 4L * (i + first + j)));
      }
      f32(y + 4L * i, sum.fma(FloatVector.broadcast(F, scale), FloatVector.broadcast(F, shift)));
    }
  }

  /// y = x · b^power
  static void timesPower(long x, long b, long y, int n, float power) {
    if (power == -0.75f) {
      for (int i = 0; i < n; i += L) {
        FloatVector root = f32(b + 4L * i).sqrt();
        f32(y + 4L * i, f32(x + 4L * i).div(root.mul(root.sqrt())));
      }
      return;
    }
    for (int i = 0; i < n; i += L) {
      FloatVector v = VectorMath.exp(VectorMath.log(f32(b + 4L * i)).mul(power));
      f32(y + 4L * i, f32(x + 4L * i).mul(v));
    }
  }

  static void multiply(long a, long b, long y, int n) {
    for (int i = 0; i < n; i += L) {
      f32(y + 4L * i, f32(a + 4L * i).mul(f32(b + 4L * i)));
    }
  }

  /// y ← a·b + y
  static void multiplyAdd(long a, long b, long y, int n) {
    for (int i = 0; i < n; i += L) {
      f32(y + 4L * i, f32(a + 4L * i).fma(f32(b + 4L * i), f32(y + 4L * i)));
    }
  }
}
