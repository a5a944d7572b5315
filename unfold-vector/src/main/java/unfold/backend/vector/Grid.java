package unfold.backend.vector;

import static unfold.backend.vector.Raw.L;

/// A channels-last tensor seen as rows of `period` elements, a multiple of both the channels and
/// the vector length: element j of every row belongs to channel j mod channels. So a loop walks
/// memory in order and whole vectors fit any number of channels.
///
/// @param elements all of them; the last row may be cut short, at a multiple of the channels
/// @param paired whether rows of f32 that belong to a row have the numbers with even places of each
///   2·L elements before those with odd ones ([Pairs]); then no row is cut short
record Grid(long elements, int channels, int period, boolean paired) {
  /// Rows that long keep the loops over them busy.
  private static final int LONG_ROW = 512;

  private static final long STRETCH_BYTES = 512 << 10;

  /// Of a paired grid: with rows of numbers per channel twice as large as its own, longer ones do
  /// not stay in the first cache.
  private static final int LONG_PAIRED_ROW = 256;

  static Grid of(long elements, int channels) {
    int common = channels / gcd(channels, L) * L;
    long repeats = Math.min(LONG_ROW / common, elements / (8L * common));
    return new Grid(elements, channels, common * (int) Math.max(1, repeats), false);
  }

  /// A paired grid for bf16 if there is one without a rest, else as [#of].
  static Grid pairs(long elements, int channels) {
    int common = channels / gcd(channels, 2 * L) * 2 * L;
    if (!Pairs.fit() || elements % common != 0 || elements / common < 8) {
      return of(elements, channels);
    }
    long repeats =
        Math.clamp(Math.min(LONG_PAIRED_ROW / common, elements / (8L * common)), 1, LONG_ROW);
    while (elements % (common * repeats) != 0) {
      repeats--;
    }
    return new Grid(elements, channels, common * (int) repeats, true);
  }

  /// Where the number of element j lies in a row of f32.
  int place(int j) {
    return paired ? Pairs.place(j) : j;
  }

  String label() {
    return (paired ? "pairs" : "rows") + period;
  }

  /// How many bytes of a paired grid are fetched ahead of a group of rows that is summed: none
  /// where two groups would not stay in the first cache.
  long ahead() {
    return period <= LONG_PAIRED_ROW ? 2L * BatchNormLoops.GROUP * period : 0;
  }

  /// Rows that are walked forwards on a way backwards: processors foresee memory in ascending order
  /// only, and need some kilobytes to notice.
  long stretch(boolean bf16) {
    return Math.max(1, STRETCH_BYTES / ((long) period << Raw.shift(bf16)));
  }

  /// Whole rows.
  long rows() {
    return elements / period;
  }

  /// Elements behind the last whole row.
  int rest() {
    return (int) (elements % period);
  }

  /// Elements of the rest that fill whole vectors.
  int restInVectors() {
    return rest() / L * L;
  }

  /// Bytes of one f32 for each element of a row.
  long rowBytes() {
    return 4L * period;
  }

  /// Writes the numbers of the channels, which lie at `tile`, over and over until a row is full,
  /// and each to its place.
  void repeat(long tile) {
    long filled = 4L * channels;
    while (filled < rowBytes()) {
      long bytes = Math.min(filled, rowBytes() - filled);
      Raw.copy(tile, tile + filled, bytes);
      filled += bytes;
    }
    if (paired) {
      Pairs.part(tile, period);
    }
  }

  /// Adds a row of f32 sums to the f64 sums of the channels, and clears the row.
  void fold(long row, long sums) {
    for (int j = 0; j < period; j += channels) {
      for (int c = 0; c < channels; c++) {
        Raw.putF64(sums, c, Raw.getF64(sums, c) + Raw.getF32(row, place(j + c)));
      }
    }
    FillLoops.zero(row, rowBytes());
  }

  private static int gcd(int a, int b) {
    return b == 0 ? a : gcd(b, a % b);
  }
}
