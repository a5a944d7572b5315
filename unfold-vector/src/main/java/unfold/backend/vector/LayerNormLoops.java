package unfold.backend.vector;

import static unfold.backend.vector.Raw.L;
import static unfold.backend.vector.Raw.f32;

import jdk.incubator.vector.FloatVector;

/// Loops of layer normalisation over one row in f32 of whole vectors.
final class LayerNormLoops {
  private LayerNormLoops() {}

  /// x ← x·scale + shift
  static void scaleShift(long x, long scale, long shift, int n) {
    for (int i = 0; i < n; i += L) {
      f32(x + 4L * i, f32(x + 4L * i).fma(f32(scale + 4L * i), f32(shift + 4L * i)));
    }
  }

  /// a ← a·b
  static void multiply(long a, long b, int n) {
    for (int i = 0; i < n; i += L) {
      f32(a + 4L * i, f32(a + 4L * i).mul(f32(b + 4L * i)));
    }
  }

  /// scaleSums += dy·x̂ and shiftSums += dy
  static void sums(long dy, long normal, long scaleSums, long shiftSums, int n) {
    for (int i = 0; i < n; i += L) {
      FloatVector g = f32(dy + 4L * i);
      f32(scaleSums + 4L * i, g.fma(f32(normal + 4L * i), f32(scaleSums + 4L * i)));
      f32(shiftSums + 4L * i, f32(shiftSums + 4L * i).add(g));
    }
  }

  /// g ← σ⁻¹·(g − a − x̂·b)
  static void grad(long g, long normal, int n, float a, float b, float inverseStd) {
    for (int i = 0; i < n; i += L) {
      FloatVector v = f32(g + 4L * i).sub(a).sub(f32(normal + 4L * i).mul(b));
      f32(g + 4L * i, v.mul(inverseStd));
    }
  }
}
