package unfold.backend.composed;

import java.lang.foreign.MemorySegment;
import unfold.backend.Candidate;

/// Scratch memory, laid out before there is any: pieces one after the other, and one that all
/// kernels share, since they run one after the other.
final class Room {
  private static final long ALIGNMENT = 64;

  private long bytes;
  private long shared;

  /// A piece of the scratch memory.
  record Piece(long offset, long bytes) {
    MemorySegment in(MemorySegment scratch) {
      return scratch.asSlice(offset, bytes);
    }
  }

  Piece take(long size) {
    var piece = new Piece(bytes, size);
    bytes += (size + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
    return piece;
  }

  /// Nothing, if the value has memory of its own.
  Piece takeUnless(boolean wanted, long size) {
    return take(wanted ? 0 : size);
  }

  /// Room for a kernel's own scratch.
  void share(Candidate candidate) {
    shared = Math.max(shared, candidate.scratchBytes());
  }

  /// The scratch memory of any of the kernels.
  MemorySegment shared(MemorySegment scratch) {
    return scratch.asSlice(bytes, shared);
  }

  long bytes() {
    return bytes + shared;
  }
}
