package unfold.backend.vector;

import unfold.backend.Kernel;
import unfold.backend.Workers;
import unfold.op.Window;
import unfold.tensor.Shape;

/// A depthwise convolution in its three directions, shared out by rows of the result, or of dy for
/// the gradient of the weights, whose sums each thread keeps for itself until the end.
///
/// 3×3 without dilation and with whole vectors of channels runs on padded copies of the rows, in
/// blocks of channels ([DepthwiseRows]); everything else from tables of taps.
final class Depthwise {
  private final Workers workers;
  private final boolean bf16;
  private final int items;
  private final int c;
  private final int padded;
  private final int height;
  private final int width;
  private final int outH;
  private final int outW;
  private final int kH;
  private final int kW;
  private final Window window;

  /// @param x shape of the convolution's operand
  /// @param w C×1×kH×kW
  Depthwise(Workers workers, boolean bf16, Shape x, Shape w, Window window, int outH, int outW) {
    this.workers = workers;
    this.bf16 = bf16;
    this.items = x.dim(0);
    this.c = x.dim(1);
    this.padded = Row.padded(c);
    this.height = x.dim(2);
    this.width = x.dim(3);
    this.outH = outH;
    this.outW = outW;
    this.kH = w.dim(2);
    this.kW = w.dim(3);
    this.window = window;
  }

  private boolean fast() {
    return kH == 3 && kW == 3 && padded == c && window.dilationH() == 1 && window.dilationW() == 1;
  }

  /// Stride 1, where the adjoint is a convolution with the taps turned round.
  private boolean turns() {
    return fast()
        && window.strideH() == 1
        && window.strideW() == 1
        && window.padTop() <= 2
        && window.padLeft() <= 2;
  }

  /// Stride 2 with a column of padding, where the columns of the adjoint come in pairs.
  private boolean spreads() {
    return fast()
        && window.strideH() == 2
        && window.strideW() == 2
        && window.padLeft() == 1
        && width == 2 * outW;
  }

  String label() {
    return fast() ? "3x3" : "taps";
  }

  String adjointLabel() {
    return turns() ? "3x3 turned" : spreads() ? "3x3 spread" : "taps";
  }

  private Slide slide() {
    return new Slide(
        height,
        width,
        outH,
        outW,
        window.strideH(),
        window.strideW(),
        window.padTop(),
        window.padLeft());
  }

  private Slide turned() {
    return new Slide(outH, outW, height, width, 1, 1, 2 - window.padTop(), 2 - window.padLeft());
  }

  /// dy with a column of zeros behind it.
  private Slide spread() {
    return new Slide(outH, outW, outH, outW - 1, 1, 1, 0, 0);
  }

  private Taps rows() {
    return Taps.windows(
        height, outH, kH, window.strideH(), window.padTop(), window.dilationH(), true);
  }

  private Taps columns() {
    return Taps.windows(
        width, outW, kW, window.strideW(), window.padLeft(), window.dilationW(), true);
  }

  private int parts(long units) {
    long elements = (long) items * c * ((long) height * width + (long) outH * outW);
    return Split.parts(workers, units, elements << Raw.shift(bf16));
  }

  /// Taps and a bias in f32; then for each thread copies of rows, and sums of weight gradients.
  long scratchBytes() {
    return weightBytes() + workers.threads() * perPart();
  }

  private long weightBytes() {
    return Tail.align(4L * (kH * kW + 1) * padded);
  }

  private long perPart() {
    return rowBytes() + weightBytes();
  }

  private long rowBytes() {
    if (fast()) {
      long bytes = slide().rowBytes(c, outW);
      bytes = Math.max(bytes, turns() ? turned().rowBytes(c, width) : 0);
      bytes = Math.max(bytes, spreads() ? spread().rowBytes(c, width) : 0);
      return Math.max(bytes, bufferBytes());
    }
    return bufferBytes();
  }

  /// Copies of the rows that a row of taps reads, and one of the row that is written.
  private long bufferBytes() {
    return (kH + 1) * Math.max(in().bufferBytes(), out().bufferBytes());
  }

  private PoolRows in() {
    return PoolRows.of(bf16, width, c, (long) items * height);
  }

  private PoolRows out() {
    return PoolRows.of(bf16, outW, c, (long) items * outH);
  }

  /// Weights as f32, each tap filled up with zeros; a bias behind them.
  private void prepare(Given w, boolean turn, Given bias, long to) {
    int taps = kH * kW;
    for (int tap = 0; tap < taps; tap++) {
      long from = w.at() + ((long) (turn ? taps - 1 - tap : tap) * c << Raw.shift(w.bf16()));
      Row.read(w.bf16(), from, to + 4L * tap * padded, c, 0);
    }
    long shift = to + 4L * taps * padded;
    if (bias.at() == 0) {
      FillLoops.zero(shift, 4L * padded);
    } else {
      Row.read(bias.bf16(), bias.at(), shift, c, 0);
    }
  }

  Kernel forward(long x, Given w, Given bias, Bounds bounds, long y, long scratch) {
    long units = (long) items * outH;
    int parts = parts(units);
    Split.Range range =
        fast()
            ? new DepthwiseRows(bf16, c, slide(), parts, scratch, weightBytes(), perPart())
                .convolve(x, bounds, y)
            : fromTaps(x, in(), rows(), columns(), out(), height, parts, bounds, y, scratch);
    return withWeights(w, false, bias, scratch, Split.share(workers, parts, units, range));
  }

  Kernel backward(long dy, long w, long dx, long scratch) {
    long units = (long) items * height;
    int parts = parts(units);
    Taps rows = rows().transposed(height);
    Split.Range range;
    if (turns()) {
      range =
          new DepthwiseRows(bf16, c, turned(), parts, scratch, weightBytes(), perPart())
              .convolve(dy, Bounds.NONE, dx);
    } else if (spreads()) {
      range =
          new DepthwiseRows(bf16, c, spread(), parts, scratch, weightBytes(), perPart())
              .spread(dy, rows, dx);
    } else {
      Taps columns = columns().transposed(width);
      range = fromTaps(dy, out(), rows, columns, in(), outH, parts, Bounds.NONE, dx, scratch);
    }
    Kernel run = Split.share(workers, parts, units, range);
    return withWeights(new Given(w, bf16), turns(), Given.NONE, scratch, run);
  }

  private Kernel withWeights(Given w, boolean turn, Given bias, long scratch, Kernel run) {
    return () -> {
      prepare(w, turn, bias, scratch);
      run.run();
    };
  }

  /// Rows of `to` from the rows of `from` that the tables name.
  private Split.Range fromTaps(
      long x,
      PoolRows from,
      Taps rows,
      Taps columns,
      PoolRows to,
      int fromHeight,
      int parts,
      Bounds bounds,
      long y,
      long scratch) {
    var addresses = new long[parts][rows.most()];
    var weights = new long[parts][rows.most()];
    long buffer = Math.max(in().bufferBytes(), out().bufferBytes());
    long bias = scratch + 4L * kH * kW * padded;
    return (part, first, last) -> {
      long room = scratch + weightBytes() + part * perPart();
      long result = room + kH * buffer;
      for (long i = first; i < last; i++) {
        int p = (int) (i % rows.positions());
        long item = i / rows.positions() * fromHeight;
        int count = rows.first(p + 1) - rows.first(p);
        for (int r = 0; r < count; r++) {
          int e = rows.first(p) + r;
          addresses[part][r] = from.read(x, item + rows.source(e), room + r * buffer);
          weights[part][r] = scratch + 4L * rows.code(e) * kW * padded;
        }
        DepthwiseTapLoops.row(
            bf16,
            addresses[part],
            weights[part],
            count,
            columns,
            c,
            padded,
            bias,
            to.write(y, i, last, result),
            bounds.low(),
            bounds.high());
        to.written(y, i, last, result);
      }
    };
  }

  Kernel weightGrad(long x, long dy, boolean toBf16, long dw, long scratch) {
    long units = (long) items * outH;
    int parts = parts(units);
    Split.Range range =
        fast()
            ? new DepthwiseRows(bf16, c, slide(), parts, scratch, weightBytes(), perPart())
                .weightGrad(x, dy)
            : weightGradFromTaps(x, dy, scratch);
    Kernel sums = Split.share(workers, parts, units, range);
    return () -> {
      sums.run();
      long first = scratch + weightBytes() + rowBytes();
      for (int tap = 0; tap < kH * kW; tap++) {
        for (int i = 0; i < c; i++) {
          double sum = 0;
          for (int part = 0; part < parts; part++) {
            sum += Raw.getF32(first + part * perPart(), (long) tap * padded + i);
          }
          Raw.put(toBf16, dw, (long) tap * c + i, (float) sum);
        }
      }
    };
  }

  private Split.Range weightGradFromTaps(long x, long dy, long scratch) {
    Taps rows = rows();
    Taps columns = columns();
    PoolRows in = in();
    PoolRows out = out();
    long buffer = Math.max(in.bufferBytes(), out.bufferBytes());
    return (part, first, last) -> {
      long room = scratch + weightBytes() + part * perPart();
      long sums = room + rowBytes();
      FillLoops.zero(sums, weightBytes());
      for (long i = first; i < last; i++) {
        int p = (int) (i % outH);
        long item = i / outH * height;
        long g = out.read(dy, i, room);
        for (int e = rows.first(p); e < rows.first(p + 1); e++) {
          long row = in.read(x, item + rows.source(e), room + buffer);
          long to = sums + 4L * rows.code(e) * kW * padded;
          DepthwiseTapLoops.weightGrad(bf16, row, g, columns, c, padded, to);
        }
      }
    };
  }
}
