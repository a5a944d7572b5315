package unfold.backend.vector;

/// A 3×3 window sliding over pictures: y[p, q] = Σ x[p·sH + i − top, q·sW + j − left]·w[i, j].
record Slide(int inH, int inW, int outH, int outW, int strideH, int strideW, int top, int left) {
  /// Columns in front of a row of results, where sums go that end before it begins.
  static final int LEAD = 2;

  /// Columns of a padded row that windows may touch.
  private int across() {
    return (outW - 1) * strideW + 3;
  }

  /// Padded copies of the rows of x, three at a time.
  BlockedRows rows(boolean bf16, int channels) {
    return new BlockedRows(bf16, channels, 3, inH, inW, left, across());
  }

  /// Bytes of those copies, and of a row of so many columns of results behind them.
  long rowBytes(int channels, int columns) {
    return rows(false, channels).bytes() + BlockedRows.rowBytes(channels, LEAD + columns);
  }
}
