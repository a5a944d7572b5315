package unfold.backend.vector;

import static unfold.backend.vector.Raw.L;

/// Copies in f32 of the last few rows of a picture batch, with columns of zeros before and behind,
/// and a row of zeros that stands for rows outside. One for each thread.
///
/// A row lies in blocks of L channels, each with all its columns: a loop over columns then reads
/// line after line of the first cache, where the rows themselves would give it one line in `c·4`
/// bytes.
final class BlockedRows {
  private final boolean bf16;
  private final int slots;
  private final int channels;
  private final int height;
  private final int width;
  private final int left;
  private final long blockBytes;
  private final long slotBytes;
  private final long[] held;
  private long base;
  private long source;

  /// @param slots rows that are used together
  /// @param width columns of a row of the pictures
  /// @param left columns of zeros before them
  /// @param across columns that loops may touch
  BlockedRows(boolean bf16, int channels, int slots, int height, int width, int left, int across) {
    this.bf16 = bf16;
    this.slots = slots;
    this.channels = channels;
    this.height = height;
    this.width = width;
    this.left = left;
    this.blockBytes = blockBytes(Math.max(left + width, across));
    this.slotBytes = channels / L * blockBytes;
    this.held = new long[slots];
  }

  /// From one block of so many columns to the next: an odd number of cache lines, so that the same
  /// column of many blocks does not compete for a few places in the cache.
  static long blockBytes(int columns) {
    return Tail.align(4L * L * columns) | 64;
  }

  /// Bytes of a row of so many columns.
  static long rowBytes(int channels, int columns) {
    return channels / L * blockBytes(columns);
  }

  long bytes() {
    return (slots + 1) * slotBytes;
  }

  long blockBytes() {
    return blockBytes;
  }

  /// Forgets all rows and clears the padding.
  void restart(long buffers, long pictures) {
    base = buffers;
    source = pictures;
    FillLoops.zero(buffers, bytes());
    java.util.Arrays.fill(held, -1);
  }

  /// Row h of an item, padded.
  long row(long item, int h) {
    if (h < 0 || h >= height) {
      return base + slots * slotBytes;
    }
    int slot = h % slots;
    long row = item * height + h;
    long at = base + slot * slotBytes;
    if (held[slot] != row) {
      long from = source + (row * width * channels << Raw.shift(bf16));
      DepthwiseLoops.gather(bf16, from, channels, width, at + 4L * L * left, blockBytes);
      held[slot] = row;
    }
    return at;
  }
}
