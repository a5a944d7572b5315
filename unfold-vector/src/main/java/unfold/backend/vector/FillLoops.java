package unfold.backend.vector;

import static unfold.backend.vector.Raw.I;
import static unfold.backend.vector.Raw.L;

import jdk.incubator.vector.IntVector;

/// Memory filled with one number.
final class FillLoops {
  private FillLoops() {}

  /// Writes four bytes over and over, `vectors` vectors of them.
  static void words(long to, long vectors, int word) {
    IntVector v = IntVector.broadcast(I, word);
    for (long i = 0; i < vectors; i++) {
      Raw.i32(to + 4L * L * i, v);
    }
  }

  static void zero(long address, long bytes) {
    long vectors = bytes / (4L * L);
    words(address, vectors, 0);
    for (long at = vectors * 4 * L; at < bytes; at++) {
      Raw.putU8(address, at, 0);
    }
  }
}
