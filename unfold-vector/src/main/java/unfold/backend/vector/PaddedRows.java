package unfold.backend.vector;

/// Copies of the last few rows of a picture batch with columns of zeros before and behind, and a
/// row of zeros that stands for rows outside. One for each thread.
final class PaddedRows {
  private final int slots;
  private final long rowBytes;
  private final long leftBytes;
  private final long slotBytes;
  private final int height;
  private final long[] held;
  private long base;
  private long source;

  /// @param slots rows that are used together
  /// @param width columns of a padded row, those before included
  PaddedRows(boolean bf16, int channels, int slots, int height, int inWidth, int left, int width) {
    this.slots = slots;
    this.height = height;
    this.rowBytes = (long) inWidth * channels << Raw.shift(bf16);
    this.leftBytes = (long) left * channels << Raw.shift(bf16);
    this.slotBytes = slotBytes(bf16, channels, inWidth, left, width);
    this.held = new long[slots];
  }

  private static long slotBytes(boolean bf16, int channels, int inWidth, int left, int width) {
    return Tail.align((long) Math.max(left + inWidth, width) * channels << Raw.shift(bf16));
  }

  static long bytes(boolean bf16, int channels, int slots, int inWidth, int left, int width) {
    return (slots + 1) * slotBytes(bf16, channels, inWidth, left, width);
  }

  /// Forgets all rows and clears the padding.
  void restart(long buffers, long pictures) {
    base = buffers;
    source = pictures;
    FillLoops.zero(buffers, (slots + 1) * slotBytes);
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
      Raw.copy(source + row * rowBytes, at + leftBytes, rowBytes);
      held[slot] = row;
    }
    return at;
  }
}
