package unfold.memory;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.ref.Cleaner;
import java.util.concurrent.atomic.AtomicLong;

/// Zeroed off-heap memory that is given back some time after the block has become unreachable.
///
/// Whoever computes in the segment must hold the block. The garbage collector does not see how
/// large a block is; so it is called when much has been allocated since its last call, as it would
/// be for memory of its own.
public final class Block {
  private static final Cleaner CLEANER = Cleaner.create();
  private static final Account ACCOUNT = new Account();

  private final MemorySegment segment;

  private Block(MemorySegment segment) {
    this.segment = segment;
  }

  // closed by the cleaner
  @SuppressWarnings("MustBeClosedChecker")
  public static Block allocate(long bytes) {
    long size = Math.max(bytes, 1);
    ACCOUNT.add(size);
    Arena arena = Arena.ofShared();
    var block = new Block(in(arena, size));
    CLEANER.register(
        block,
        () -> {
          arena.close();
          ACCOUNT.remove(size);
        });
    return block;
  }

  /// Zeroed memory, 64-byte aligned, that is given back with an arena of the caller's. Pieces of
  /// megabytes go back to the system, while the C library's own allocator keeps them for later.
  public static MemorySegment in(Arena arena, long bytes) {
    return HugePages.allocate(bytes, arena).orElseGet(() -> arena.allocate(bytes, 64));
  }

  public MemorySegment segment() {
    return segment;
  }

  /// Bytes of all blocks that have not been given back yet.
  public static long liveBytes() {
    return ACCOUNT.live.get();
  }

  /// Counts the bytes of all blocks, and calls the garbage collector when they have doubled (and
  /// grown by 128 MiB) since its last call.
  private static final class Account {
    private static final long SLACK_BYTES = 128L << 20;
    private static final int WAITS = 50;

    private final AtomicLong live = new AtomicLong();
    private final AtomicLong limit = new AtomicLong(SLACK_BYTES);

    void add(long bytes) {
      if (live.get() + bytes > limit.get()) {
        collect();
        limit.set(2 * (live.get() + bytes) + SLACK_BYTES);
      }
      live.addAndGet(bytes);
    }

    void remove(long bytes) {
      live.addAndGet(-bytes);
    }

    /// Cleaners run in a thread of their own; waits until they come to rest.
    private void collect() {
      System.gc();
      long before = Long.MAX_VALUE;
      try {
        for (int i = 0; i < WAITS && live.get() < before; i++) {
          before = live.get();
          Thread.sleep(2);
        }
      } catch (InterruptedException _) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
