package unfold.backend.vector;

import unfold.tensor.TensorType;

/// Kernels for tensors of a few numbers (losses, rates, biases), one number at a time, with the
/// bits of the vector loops. A loop that runs once a step is interpreted for thousands of steps,
/// and there each vector is an object.
final class Small {
  private static final int MOST = 2048;

  private Small() {}

  static boolean is(TensorType t) {
    return t.shape().size() <= MOST;
  }

  /// y = scale·x + shift
  static void affine(boolean bf16, long x, long y, int n, float scale, float shift) {
    for (int i = 0; i < n; i++) {
      Raw.put(bf16, y, i, Math.fma(Raw.get(bf16, x, i), scale, shift));
    }
  }

  /// Between f32 and bf16.
  static void cast(boolean fromBf16, boolean toBf16, long x, long y, int n) {
    for (int i = 0; i < n; i++) {
      Raw.put(toBf16, y, i, Raw.get(fromBf16, x, i));
    }
  }
}
