package unfold.backend.vector;

/// Winograd's minimal filtering F(m×m, r×r): m×m results of a convolution by r×r from a square of m
/// + r − 1 numbers in each direction, by one product for each of them.
///
/// In two dimensions each transform is one along the columns, then one along the rows. The points
/// are 0, ±1, ±2 and ∞, with eight numbers ±½ besides.
///
/// @param tile m: 4 or 2
/// @param kernel r: 3 or 5
record Minimal(int tile, int kernel) {
  /// For kernels of so many rows.
  ///
  /// @param coarse whether operands are as coarse as bf16, so that the errors of larger squares, up
  ///   to ten times those of six numbers, are far below theirs
  static Minimal of(int kernel, boolean coarse) {
    return new Minimal(kernel == 3 || coarse ? 4 : 2, kernel);
  }

  /// Numbers that a tile reads in each direction: 6 or 8.
  int side() {
    return tile + kernel - 1;
  }

  /// Products of a tile, for each pair of channels.
  int places() {
    return side() * side();
  }

  private boolean six() {
    return side() == 6;
  }

  /// Bᵀ·x·B, first half: from rows of pixels to as many rows of `n` numbers in f32.
  ///
  /// @param r0 where the first row begins, and so on; of six, the last two are not read
  void inputRows(
      boolean bf16,
      long r0,
      long r1,
      long r2,
      long r3,
      long r4,
      long r5,
      long r6,
      long r7,
      long y,
      long yStep,
      int n) {
    if (six()) {
      WinogradLoops.inputRows(bf16, r0, r1, r2, r3, r4, r5, y, yStep, n);
    } else {
      EightLoops.inputRows(bf16, r0, r1, r2, r3, r4, r5, r6, r7, y, yStep, n);
    }
  }

  /// Second half: from pixels in a row to places, for `tiles` tiles.
  ///
  /// @param n channels
  /// @param y where the first tile's channels go
  /// @param place from place to place of y
  /// @param yTile from tile to tile of y
  /// @param blockShift log2 of the bytes of a block of channels
  /// @param yBlock from block to block of y
  void inputTiles(
      long x, int n, int tiles, long y, long place, long yTile, int blockShift, long yBlock) {
    if (six()) {
      WinogradLoops.inputTiles(x, n, tiles, 4L * tile * n, y, place, yTile, blockShift, yBlock);
    } else {
      EightLoops.inputTiles(x, n, tiles, y, place, yTile, blockShift, yBlock);
    }
  }

  /// A·dy·Aᵀ, first half, as [#inputRows].
  void slopeRows(boolean bf16, long r0, long r1, long r2, long r3, long y, long yStep, int n) {
    if (!six()) {
      EightLoops.slopeRows(bf16, r0, r1, r2, r3, y, yStep, n);
    } else if (tile == 4) {
      WinogradLoops.slopeRows3(bf16, r0, r1, r2, r3, y, yStep, n);
    } else {
      WinogradLoops.slopeRows5(bf16, r0, r1, y, yStep, n);
    }
  }

  /// Second half, as [#inputTiles].
  void slopeTiles(
      long x, int n, int tiles, long y, long place, long yTile, int blockShift, long yBlock) {
    if (!six()) {
      EightLoops.slopeTiles(x, n, tiles, y, place, yTile, blockShift, yBlock);
    } else if (tile == 4) {
      WinogradLoops.slopeTiles3(x, n, tiles, y, place, yTile, blockShift, yBlock);
    } else {
      WinogradLoops.slopeTiles5(x, n, tiles, y, place, yTile, blockShift, yBlock);
    }
  }

  /// One half of Aᵀ·x·A: from a square's rows of `n` numbers to a tile's, `count` times.
  ///
  /// @param xNext from one time to the next
  /// @param yNext so for y
  void output(long x, long xStep, long xNext, long y, long yStep, long yNext, int n, int count) {
    if (!six()) {
      EightLoops.output(x, xStep, xNext, y, yStep, yNext, n, count);
    } else if (tile == 4) {
      WinogradLoops.output3(x, xStep, xNext, y, yStep, yNext, n, count);
    } else {
      WinogradLoops.output5(x, xStep, xNext, y, yStep, yNext, n, count);
    }
  }

  /// One half of Gᵀ·x·G: from a square's rows of `n` numbers to the kernel's.
  void weights(long x, long xStep, long y, long yStep, int n) {
    if (!six()) {
      EightLoops.weights(x, xStep, y, yStep, n);
    } else if (kernel == 3) {
      WinogradLoops.weights3(x, xStep, y, yStep, n);
    } else {
      WinogradLoops.weights5(x, xStep, y, yStep, n);
    }
  }

  /// One half of G·x·Gᵀ: from the kernel's rows of `n` numbers to a square's.
  void expand(long x, long xStep, long y, long yStep, int n) {
    if (!six()) {
      EightLoops.expand(x, xStep, y, yStep, n);
    } else if (kernel == 3) {
      WinogradLoops.expand3(x, xStep, y, yStep, n);
    } else {
      WinogradLoops.expand5(x, xStep, y, yStep, n);
    }
  }
}
