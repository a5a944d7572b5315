package unfold.backend.vector;

/// Depthwise 3×3 over padded copies of rows: what one thread does with its rows of the result.
final class DepthwiseRows {
  private final boolean bf16;
  private final int c;
  private final Slide slide;
  private final long weights;
  private final long rooms;
  private final long perPart;
  private final long sumsAt;
  private final PaddedRows[] copies;

  /// @param weights nine taps and a bias in f32
  /// @param perPart bytes of each thread behind them: copies of rows, then sums of `weightBytes`
  DepthwiseRows(
      boolean bf16, int c, Slide slide, int parts, long weights, long weightBytes, long perPart) {
    this.bf16 = bf16;
    this.c = c;
    this.slide = slide;
    this.weights = weights;
    this.rooms = weights + weightBytes;
    this.perPart = perPart;
    this.sumsAt = perPart - weightBytes;
    this.copies = new PaddedRows[parts];
    for (int i = 0; i < parts; i++) {
      copies[i] = slide.rows(bf16, c);
    }
  }

  Split.Range convolve(long x, Bounds bounds, long y) {
    long bias = weights + 36L * c;
    float low = bounds.low();
    float high = bounds.high();
    int width = slide.outW();
    return (part, from, to) -> {
      PaddedRows rows = copies[part];
      rows.restart(rooms + part * perPart, x);
      for (long i = from; i < to; i++) {
        long item = i / slide.outH();
        int h = (int) (i % slide.outH()) * slide.strideH() - slide.top();
        long a = rows.row(item, h);
        long b = rows.row(item, h + 1);
        long d = rows.row(item, h + 2);
        long row = y + (i * width * c << Raw.shift(bf16));
        int done = 0;
        if (slide.strideW() == 1) {
          DepthwiseLoops.four(bf16, a, b, d, weights, bias, c, width, row, low, high);
          done = width / 4 * 4;
        } else if (slide.strideW() == 2) {
          DepthwiseLoops.two(bf16, a, b, d, weights, bias, c, width, row, low, high);
          done = width / 2 * 2;
        }
        int stride = slide.strideW();
        DepthwiseLoops.one(bf16, a, b, d, weights, bias, c, done, width, stride, row, low, high);
      }
    };
  }

  /// @param taps what each row of dx reads: none, one or two rows of dy
  Split.Range spread(long dy, Taps taps, long dx) {
    int pairs = slide.inW();
    long rowBytes = 2L * pairs * c << Raw.shift(bf16);
    return (part, from, to) -> {
      PaddedRows rows = copies[part];
      rows.restart(rooms + part * perPart, dy);
      for (long i = from; i < to; i++) {
        long item = i / taps.positions();
        int h = (int) (i % taps.positions());
        int e = taps.first(h);
        int count = taps.first(h + 1) - e;
        long row = dx + i * rowBytes;
        if (count == 0) {
          FillLoops.zero(row, rowBytes);
        } else if (count == 1) {
          long v = weights + 12L * taps.code(e) * c;
          DepthwiseLoops.spreadOne(bf16, rows.row(item, taps.source(e)), v, c, pairs, row);
        } else {
          long v = weights + 12L * taps.code(e) * c;
          long w = weights + 12L * taps.code(e + 1) * c;
          long g = rows.row(item, taps.source(e));
          long other = rows.row(item, taps.source(e + 1));
          DepthwiseLoops.spread(bf16, g, other, v, w, c, pairs, row);
        }
      }
    };
  }

  Split.Range weightGrad(long x, long dy) {
    int width = slide.outW();
    return (part, from, to) -> {
      PaddedRows rows = copies[part];
      rows.restart(rooms + part * perPart, x);
      long sums = rooms + part * perPart + sumsAt;
      FillLoops.zero(sums, 36L * c);
      for (long i = from; i < to; i++) {
        long item = i / slide.outH();
        int h = (int) (i % slide.outH()) * slide.strideH() - slide.top();
        long a = rows.row(item, h);
        long b = rows.row(item, h + 1);
        long d = rows.row(item, h + 2);
        long g = dy + (i * width * c << Raw.shift(bf16));
        if (slide.strideW() == 1) {
          DepthwiseLoops.weightGrad(bf16, a, b, d, g, c, width, sums);
        } else {
          int stride = slide.strideW();
          DepthwiseLoops.weightGradStrided(bf16, a, b, d, g, c, width, stride, sums);
        }
      }
    };
  }
}
