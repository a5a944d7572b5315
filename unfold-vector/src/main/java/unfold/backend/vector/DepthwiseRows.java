package unfold.backend.vector;

/// Depthwise 3×3 over padded copies of rows: what one thread does with its rows of the result. Rows
/// are copied into blocks of channels, computed there in f32, and the result is copied back.
final class DepthwiseRows {
  private final boolean bf16;
  private final int c;
  private final Slide slide;
  private final long weights;
  private final long rooms;
  private final long perPart;
  private final long sumsAt;
  private final BlockedRows[] copies;

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
    this.copies = new BlockedRows[parts];
    for (int i = 0; i < parts; i++) {
      copies[i] = slide.rows(bf16, c);
    }
  }

  Split.Range convolve(long x, Bounds bounds, long y) {
    long bias = weights + 36L * c;
    int width = slide.outW();
    int stride = slide.strideW();
    long block = BlockedRows.blockBytes(Slide.LEAD + width);
    return (part, from, to) -> {
      BlockedRows rows = start(part, x);
      long lead = behind(part);
      long result = lead + 4L * Raw.L * Slide.LEAD;
      for (long i = from; i < to; i++) {
        long item = i / slide.outH();
        int h = (int) (i % slide.outH()) * slide.strideH() - slide.top();
        long a = rows.row(item, h);
        long b = rows.row(item, h + 1);
        long d = rows.row(item, h + 2);
        long step = rows.blockBytes();
        if (stride == 1) {
          DepthwiseLoops.slide(a, b, d, step, weights, bias, c, width, lead, block);
        } else {
          DepthwiseLoops.convolve(a, b, d, step, weights, bias, c, width, stride, result, block);
        }
        write(result, block, width, bounds, y, i);
      }
    };
  }

  /// @param taps what each row of dx reads: none, one or two rows of dy
  Split.Range spread(long dy, Taps taps, long dx) {
    int pairs = slide.inW();
    int width = 2 * pairs;
    long block = BlockedRows.blockBytes(width);
    return (part, from, to) -> {
      BlockedRows rows = start(part, dy);
      long result = behind(part);
      for (long i = from; i < to; i++) {
        long item = i / taps.positions();
        int h = (int) (i % taps.positions());
        int e = taps.first(h);
        int count = taps.first(h + 1) - e;
        // A row that is not there is one of zeros; its weights do not matter then.
        long g = rows.row(item, count > 0 ? taps.source(e) : -1);
        long other = rows.row(item, count > 1 ? taps.source(e + 1) : -1);
        long v = weights + (count > 0 ? 12L * taps.code(e) * c : 0);
        long w = weights + (count > 1 ? 12L * taps.code(e + 1) * c : 0);
        DepthwiseLoops.spread(g, other, rows.blockBytes(), v, w, c, pairs, result, block);
        write(result, block, width, Bounds.NONE, dx, i);
      }
    };
  }

  Split.Range weightGrad(long x, long dy) {
    int width = slide.outW();
    int stride = slide.strideW();
    long block = BlockedRows.blockBytes(width);
    long rowBytes = (long) width * c << Raw.shift(bf16);
    return (part, from, to) -> {
      BlockedRows rows = start(part, x);
      long g = behind(part);
      long sums = rooms + part * perPart + sumsAt;
      FillLoops.zero(sums, 36L * c);
      for (long i = from; i < to; i++) {
        long item = i / slide.outH();
        int h = (int) (i % slide.outH()) * slide.strideH() - slide.top();
        long a = rows.row(item, h);
        long b = rows.row(item, h + 1);
        long d = rows.row(item, h + 2);
        long step = rows.blockBytes();
        DepthwiseLoops.gather(bf16, dy + i * rowBytes, c, width, g, block);
        if (stride == 1 && width > 1) {
          DepthwiseLoops.weightGrad(a, b, d, step, g, block, c, width, sums);
          DepthwiseLoops.weightGradEdges(a, step, g, block, c, width, sums);
          DepthwiseLoops.weightGradEdges(b, step, g, block, c, width, sums + 12L * c);
          DepthwiseLoops.weightGradEdges(d, step, g, block, c, width, sums + 24L * c);
        } else {
          DepthwiseLoops.weightGradStrided(a, b, d, step, g, block, c, width, stride, sums);
        }
      }
    };
  }

  private BlockedRows start(int part, long x) {
    copies[part].restart(rooms + part * perPart, x);
    return copies[part];
  }

  /// Room for a row of the result, or of dy.
  private long behind(int part) {
    return rooms + part * perPart + copies[part].bytes();
  }

  private void write(long from, long block, int width, Bounds bounds, long y, long row) {
    long to = y + (row * width * c << Raw.shift(bf16));
    if (bounds.equals(Bounds.NONE)) {
      DepthwiseLoops.scatter(bf16, from, block, c, width, to);
    } else {
      DepthwiseLoops.scatter(bf16, from, block, c, width, to, bounds.low(), bounds.high());
    }
  }
}
