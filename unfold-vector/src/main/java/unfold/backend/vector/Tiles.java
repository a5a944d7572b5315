package unfold.backend.vector;

import static unfold.backend.vector.Winograd.PLACES;
import static unfold.backend.vector.Winograd.SIDE;
import static unfold.backend.vector.Winograd.TILE;

import unfold.tensor.Shape;

/// The tiles of 4×4 results that [Winograd] computes at once, and what they read of a batch of
/// pictures, channels last: squares of 6×6 or 4×4 pixels, with zeros for those outside.
///
/// @param side pixels of a square
/// @param top how far the first square begins above the picture
/// @param left how far the first square begins before the picture
/// @param outH rows of the result
/// @param outW columns of the result
record Tiles(
    int items,
    int channels,
    int height,
    int width,
    int side,
    int top,
    int left,
    int outH,
    int outW) {

  static Tiles of(Shape x, int side, int top, int left, int outH, int outW) {
    return new Tiles(x.dim(0), x.dim(1), x.dim(2), x.dim(3), side, top, left, outH, outW);
  }

  private int down() {
    return Math.ceilDiv(outH, TILE);
  }

  private int across() {
    return Math.ceilDiv(outW, TILE);
  }

  int count() {
    return items * down() * across();
  }

  int item(int tile) {
    return tile / across() / down();
  }

  /// Row of the result where a tile begins.
  int row(int tile) {
    return tile / across() % down() * TILE;
  }

  int column(int tile) {
    return tile % across() * TILE;
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
          half + i * step, 4L * channels, to + i * SIDE * place, place, channels, pair);
    }
  }

  /// A·dy·Aᵀ of a tile's 4×4 pixels, as [#read].
  void slope(long dy, int tile, long patch, long half, long to, long place, long pair) {
    long at = square(dy, tile, patch);
    long pitch = 4L * channels * (at == patch ? side : width);
    long step = 4L * TILE * channels;
    WinogradLoops.slope(at, pitch, half, step, TILE * channels, WinogradLoops.PAIR);
    for (int i = 0; i < SIDE; i++) {
      WinogradLoops.slope(
          half + i * step, 4L * channels, to + i * SIDE * place, place, channels, pair);
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
