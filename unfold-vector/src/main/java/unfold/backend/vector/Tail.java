package unfold.backend.vector;

import static unfold.backend.vector.Raw.L;

/// Room for elements that fill no whole vector: they are copied there, computed on as a whole
/// vector, and copied back. So no loop needs a branch for its end.
final class Tail {
  /// Bytes of one operand's room.
  private static final long SLOT = 4L * L;

  /// Bytes of the room for six operands.
  static final long BYTES = align(6 * SLOT);

  private Tail() {}

  static long align(long bytes) {
    return (bytes + 63) / 64 * 64;
  }

  static long slot(long room, int i) {
    return room + i * SLOT;
  }

  /// Copies `n` elements into slot i and returns its address.
  static long in(long room, int i, long from, int n, int bytesPerElement) {
    Raw.copy(from, slot(room, i), (long) n * bytesPerElement);
    return slot(room, i);
  }
}
