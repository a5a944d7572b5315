package unfold.backend.vector;

/// Rows of any length as f32 in a buffer of whole vectors.
final class Row {
  private Row() {}

  /// n, up to whole vectors.
  static int padded(int n) {
    return (n + Raw.L - 1) / Raw.L * Raw.L;
  }

  /// Bytes of a buffer for rows of n elements.
  static long bytes(int n) {
    return Tail.align(4L * padded(n));
  }

  /// Reads n elements and fills the last vector up.
  static void read(boolean bf16, long x, long buffer, int n, float fill) {
    int whole = n / Raw.L * Raw.L;
    if (bf16) {
      CastLoops.widen(x, buffer, whole);
    } else {
      Raw.copy(x, buffer, 4L * whole);
    }
    for (int i = whole; i < n; i++) {
      Raw.putF32(buffer, i, Raw.get(bf16, x, i));
    }
    for (int i = n; i < padded(n); i++) {
      Raw.putF32(buffer, i, fill);
    }
  }

  static void write(boolean bf16, long buffer, long y, int n) {
    int whole = n / Raw.L * Raw.L;
    if (bf16) {
      CastLoops.narrow(buffer, y, whole);
    } else {
      Raw.copy(buffer, y, 4L * whole);
    }
    for (int i = whole; i < n; i++) {
      Raw.put(bf16, y, i, Raw.getF32(buffer, i));
    }
  }
}
