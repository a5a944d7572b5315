package unfold.backend.vector;

import static unfold.backend.vector.Raw.L;

/// Rows of any length as f32 in a buffer of whole vectors. The last vector of a row begins within
/// the one before, rather than that numbers are copied one by one: that takes longer than all else
/// until it is compiled.
final class Row {
  private Row() {}

  /// n, up to whole vectors.
  static int padded(int n) {
    return (n + L - 1) / L * L;
  }

  /// Bytes of a buffer for rows of n elements.
  static long bytes(int n) {
    return Tail.align(4L * padded(n));
  }

  /// Reads n elements and fills the last vector up.
  static void read(boolean bf16, long x, long buffer, int n, float fill) {
    if (n < padded(n)) {
      FillLoops.words(buffer + 4L * (padded(n) - L), 1, Float.floatToRawIntBits(fill));
    }
    if (!bf16) {
      Raw.copy(x, buffer, 4L * n);
    } else if (n >= L) {
      CastLoops.widen(x, buffer, n / L * L);
      CastLoops.widen(x + 2L * (n - L), buffer + 4L * (n - L), L);
    } else {
      for (int i = 0; i < n; i++) {
        Raw.putF32(buffer, i, Raw.get(true, x, i));
      }
    }
  }

  static void write(boolean bf16, long buffer, long y, int n) {
    if (!bf16) {
      Raw.copy(buffer, y, 4L * n);
    } else if (n >= L) {
      CastLoops.narrow(buffer, y, n / L * L);
      CastLoops.narrow(buffer + 4L * (n - L), y + 2L * (n - L), L);
    } else {
      for (int i = 0; i < n; i++) {
        Raw.put(true, y, i, Raw.getF32(buffer, i));
      }
    }
  }
}
