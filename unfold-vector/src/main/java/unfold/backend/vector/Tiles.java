package unfold.backend.vector;

import unfold.tensor.Shape;

/// The tiles of results that [Winograd] computes at once, and what they read of a batch of
/// pictures, channels last: squares of pixels, with zeros for those outside.
///
/// @param gradients whether the pictures are gradients of results, whose squares are tiles
/// @param top how far the first square begins above the picture
/// @param left how far the first square begins before the picture
/// @param outH rows of the result
/// @param outW columns of the result
record Tiles(
    int items,
    int channels,
    int height,
    int width,
    Minimal form,
    boolean gradients,
    int top,
    int left,
    int outH,
    int outW) {

  /// What the rows of a strip's numbers may take of a cache.
  private static final long STRIP_BYTES = 160 << 10;

  static Tiles of(Shape x, Minimal form, boolean gradients, int top, int left, int outH, int outW) {
    return new Tiles(
        x.dim(0), x.dim(1), x.dim(2), x.dim(3), form, gradients, top, left, outH, outW);
  }

  /// Rows of results of a tile.
  private int tile() {
    return form.tile();
  }

  /// Rows of a square.
  private int side() {
    return gradients ? form.tile() : form.side();
  }

  private int down() {
    return Math.ceilDiv(outH, tile());
  }

  private int across() {
    return Math.ceilDiv(outW, tile());
  }

  int count() {
    return items * down() * across();
  }

  /// Products of a convolution for each pair of channels.
  long products() {
    return (long) count() * form.places();
  }

  int item(int tile) {
    return tile / across() / down();
  }

  /// Row of the result where a tile begins.
  int row(int tile) {
    return tile / across() % down() * tile();
  }

  int column(int tile) {
    return tile % across() * tile();
  }

  /// Tiles side by side whose rows of numbers are made at once: pictures are then read in long
  /// lines, and what neighbours share is computed once.
  private int strip() {
    long perTile = 4L * form.side() * tile() * channels;
    return Math.clamp(STRIP_BYTES / perTile, 1, across());
  }

  /// Pixels of a row that so many tiles read.
  private int pixels(int tiles) {
    return tiles * tile() + side() - tile();
  }

  private long rowBytes() {
    return Tail.align(4L * pixels(strip()) * channels);
  }

  /// Room for [#transform]: a square's rows of numbers, and one of zeros.
  long roomBytes() {
    return (form.side() + 1) * rowBytes();
  }

  /// Bᵀ·x·B of the pixels of each tile, or A·dy·Aᵀ of a tile of gradients.
  ///
  /// @param room of [#roomBytes]
  /// @param to where the first tile's first place goes
  /// @param place from place to place, in bytes
  /// @param next from tile to tile
  /// @param blockShift log2 of the bytes of a block of channels; 0 where all lie in one piece, with
  ///   1 from one to the next
  /// @param block from block to block
  void transform(
      boolean bf16,
      long x,
      int first,
      int count,
      long room,
      long to,
      long place,
      long next,
      int blockShift,
      long block) {
    int done = 0;
    while (done < count) {
      int tile = first + done;
      int tiles = Math.min(Math.min(count - done, strip()), across() - tile % across());
      rows(bf16, x, tile, tiles, room);
      for (int i = 0; i < form.side(); i++) {
        long from = room + i * rowBytes();
        long at = to + i * (form.side() * place);
        if (gradients) {
          form.slopeTiles(from, channels, tiles, at, place, next, blockShift, block);
        } else {
          form.inputTiles(from, channels, tiles, at, place, next, blockShift, block);
        }
      }
      to += tiles * next;
      done += tiles;
    }
  }

  /// The first step, down the columns: a square's rows of numbers for all pixels of a strip.
  private void rows(boolean bf16, long x, int tile, int tiles, long room) {
    int shift = Raw.shift(bf16);
    int row = row(tile) - top;
    int column = column(tile) - left;
    int pixels = pixels(tiles);
    int begin = Math.clamp(-column, 0, pixels);
    int end = Math.clamp(width - column, begin, pixels);
    long pitch = (long) width * channels << shift;
    long base =
        x + ((long) item(tile) * height * width + column + begin) * channels * (1L << shift);
    long zeros = room + form.side() * rowBytes();
    if (row < 0 || row + side() > height) {
      FillLoops.zero(zeros, (long) (end - begin) * channels << shift);
    }
    long step = rowBytes();
    long to = room + 4L * begin * channels;
    int n = (end - begin) * channels;
    long r0 = line(base, row, pitch, zeros);
    long r1 = line(base, row + 1, pitch, zeros);
    long r2 = line(base, row + 2, pitch, zeros);
    long r3 = line(base, row + 3, pitch, zeros);
    if (gradients) {
      form.slopeRows(bf16, r0, r1, r2, r3, to, step, n);
    } else {
      long r4 = line(base, row + 4, pitch, zeros);
      long r5 = line(base, row + 5, pitch, zeros);
      long r6 = line(base, row + 6, pitch, zeros);
      long r7 = line(base, row + 7, pitch, zeros);
      form.inputRows(bf16, r0, r1, r2, r3, r4, r5, r6, r7, to, step, n);
    }
    for (int i = 0; i < form.side() && end - begin < pixels; i++) {
      long at = room + i * step;
      FillLoops.zero(at, 4L * begin * channels);
      FillLoops.zero(at + 4L * end * channels, 4L * (pixels - end) * channels);
    }
  }

  /// Where a row of the picture begins: among zeros if it is outside.
  private long line(long base, int row, long pitch, long zeros) {
    return row >= 0 && row < height ? base + row * pitch : zeros;
  }
}
