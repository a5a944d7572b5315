package unfold.testkit;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/// Memory for a kernel between two strips that nobody may write to.
final class GuardedMemory {
  private static final long STRIP = 256;
  private static final byte GUARD = (byte) 0xA5;

  /// Every byte of it before a kernel runs: NaN in all real types, so that what a kernel forgets to
  /// write shows.
  static final byte UNWRITTEN = (byte) 0xFF;

  private final MemorySegment whole;
  private final MemorySegment inner;

  /// 64-byte aligned.
  GuardedMemory(Arena arena, long bytes) {
    this(arena, bytes, 0);
  }

  /// @param shift bytes behind a place that is 64-byte aligned
  GuardedMemory(Arena arena, long bytes, long shift) {
    whole = arena.allocate(bytes + shift + 2 * STRIP, 64);
    whole.fill(GUARD);
    inner = whole.asSlice(STRIP + shift, bytes);
    inner.fill(UNWRITTEN);
  }

  /// What the kernel gets.
  MemorySegment inner() {
    return inner;
  }

  boolean intact() {
    for (long i = 0; i < STRIP; i++) {
      if (whole.get(ValueLayout.JAVA_BYTE, i) != GUARD
          || whole.get(ValueLayout.JAVA_BYTE, whole.byteSize() - 1 - i) != GUARD) {
        return false;
      }
    }
    return true;
  }

  byte[] bytes() {
    return inner.toArray(ValueLayout.JAVA_BYTE);
  }
}
