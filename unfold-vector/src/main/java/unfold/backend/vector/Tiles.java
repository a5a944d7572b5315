package unfold.backend.vector;

import static unfold.backend.vector.Winograd.PLACES;
import static unfold.backend.vector.Winograd.SIDE;

import unfold.tensor.Shape;

/// The tiles of results that [Winograd] computes at once, and what they read of a batch of
/// pictures, channels last: squares of pixels, with zeros for those outside.
///
/// @param kernel rows of the convolution's kernel: 3 or 5
/// @param side rows of a square: 6, or those of a tile where the pictures are gradients of results
/// @param top how far the first square begins above the picture
/// @param left how far the first square begins before the picture
/// @param outH rows of the result
/// @param outW columns of the result
record Tiles(
    int items,
    int channels,
    int height,
    int width,
    int kernel,
    int side,
    int top,
    int left,
    int outH,
    int outW) {

  static Tiles of(Shape x, int kernel, int side, int top, int left, int outH, int outW) {
    return new Tiles(x.dim(0), x.dim(1), x.dim(2), x.dim(3), kernel, side, top, left, outH, outW);
  }

  /// Rows of results of a tile.
  int tile() {
    return SIDE - kernel + 1;
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

  /// V = Bᵀ·x·B of a tile's 6×6 pixels.
  ///
  /// @param patch room for a square
  /// @param half room for a square
  /// @param to where the first place begins
  /// @param place from place to place
  /// @param pair from two vectors of channels to the next two
  void read(long x, int tile, long patch, long half, long to, long place, long pair) {
    long at = square(x, tile, patch);
    long pitch = 4L * channels * (at == patch ? side : width);
    long step = 4L * SIDE * channels;
    WinogradLoops.input(at, pitch, half, step, SIDE * channels, WinogradLoops.PAIR);
    for (int i = 0; i < SIDE; i++) {
      WinogradLoops.input(
          half + i * step, 4L * channels, to + i * (SIDE * place), place, channels, pair);
    }
  }

  /// A·dy·Aᵀ of a tile's pixels, as [#read].
  void slope(long dy, int tile, long patch, long half, long to, long place, long pair) {
    long at = square(dy, tile, patch);
    long pitch = 4L * channels * (at == patch ? side : width);
    long step = 4L * side * channels;
    WinogradLoops.slope(kernel, at, pitch, half, step, side * channels, WinogradLoops.PAIR);
    for (int i = 0; i < SIDE; i++) {
      WinogradLoops.slope(
          kernel, half + i * step, 4L * channels, to + i * (SIDE * place), place, channels, pair);
    }
  }

  /// Where a tile's pixels lie: in the pictures, or in a copy where some are outside.
  private long square(long x, int tile, long patch) {
    int row = row(tile) - top;
    int column = column(tile) - left;
    long at = x + 4L * (((long) item(tile) * height + row) * width + column) * channels;
    if (row >= 0 && column >= 0 && row + side <= height && column + side <= width) {
      return at;
    }
    FillLoops.zero(patch, 4L * PLACES * channels);
    int begin = Math.max(0, -column);
    int end = Math.min(side, width - column);
    for (int i = Math.max(0, -row); i < side && row + i < height; i++) {
      long from = at + 4L * ((long) i * width + begin) * channels;
      Raw.copy(from, patch + 4L * (i * side + begin) * channels, 4L * (end - begin) * channels);
    }
    return patch;
  }
}
