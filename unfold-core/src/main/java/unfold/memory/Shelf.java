package unfold.memory;

import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/// Hands out pieces of memory that stay for long, side by side in blocks that grow with what is
/// asked for, so that many small pieces share pages.
public final class Shelf {
  private static final long ALIGNMENT = 64;
  private static final long FIRST_BYTES = 64 << 10;
  private static final long MOST_BYTES = 32 << 20;

  private @Nullable Block block;
  private long used;
  private long next = FIRST_BYTES;

  /// Zeroed memory, 64-byte aligned. Whoever computes in it must hold the piece.
  public record Piece(Block block, MemorySegment data) {}

  public Piece allocate(long bytes) {
    Block b = block;
    if (b == null || used + bytes > b.segment().byteSize()) {
      b = Block.allocate(Math.max(bytes, next));
      next = Math.min(MOST_BYTES, 2 * next);
      block = b;
      used = 0;
    }
    var piece = new Piece(b, b.segment().asSlice(used, bytes));
    used += (bytes + ALIGNMENT - 1) & -ALIGNMENT;
    return piece;
  }
}
