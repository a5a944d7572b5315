package unfold.backend.vector;

import unfold.backend.Kernel;
import unfold.backend.Workers;

/// The gradient of batch normalisation in training. With g the gradient behind the activation and n
/// the values of a channel: one pass of Σg and Σg·(x − μ), then dx = a·g + b·(x − μ) + c with a =
/// scale·σ⁻¹, b = −a·σ⁻²·Σg·(x − μ)/n, c = −a·Σg/n.
///
/// An activation that only cuts off is masked in both passes by z, computed from x as the forward
/// kernel did. Else, or where y had an addend, the first pass also writes g: to the gradient of the
/// addend, or if nobody wants that to dx, or if nobody wants that either to scratch memory. Where
/// that would round g to bf16 before it is used, it stays in scratch memory as f32 instead.
final class BatchNormBackward implements Kernel {
  private static final int FLUSH = 1024;

  /// Rows of g that are written before they are summed, so that they are still in a cache.
  private static final int BLOCK = 32;

  /// Addresses; y, dx, scaleGrad and shiftGrad may be 0. The second pass reads g, which is dy if it
  /// is masked there; addendGrad is where g is rounded to besides, or 0.
  record Memory(
      long dy,
      long x,
      long scale,
      long shift,
      long mean,
      long inverseStd,
      long y,
      long dx,
      long scaleGrad,
      long shiftGrad,
      long addendGrad,
      long g) {}

  private final Workers workers;
  private final boolean bf16;
  private final boolean gBf16;
  private final Grid grid;
  private final int parts;
  private final Memory m;
  private final Memory last;
  private final boolean masked;
  private final Bounds bounds;
  private final BatchNormSlope slope;
  private final long tile;
  private final long scratch;
  private final long perPart;
  private final Workers.Body sums = this::sums;
  private final Workers.Body apply = this::apply;

  BatchNormBackward(
      Workers workers,
      boolean bf16,
      Grid grid,
      Memory memory,
      Activated act,
      boolean fromOutput,
      long scratch) {
    this.workers = workers;
    this.bf16 = bf16;
    this.gBf16 = bf16 && !act.widens(bf16);
    this.grid = grid;
    this.parts = BatchNormForward.parts(workers, bf16, grid);
    this.m = memory;
    this.masked = act.cutsOnly() && memory.y() == 0;
    this.bounds = masked ? act.bounds() : Bounds.NONE;
    this.slope = new BatchNormSlope(bf16, grid, act, fromOutput);
    this.tile = scratch;
    this.last = last(scratch + 5 * grid.rowBytes(), memory, masked);
    this.scratch = scratch + 5 * grid.rowBytes() + Tail.BYTES;
    this.perPart = perPart(bf16, grid, act);
  }

  /// Room for the elements that fill no vector, as a memory of its own.
  private static Memory last(long room, Memory m, boolean masked) {
    long dy = Tail.slot(room, 0);
    return new Memory(
        dy,
        Tail.slot(room, 1),
        m.scale(),
        m.shift(),
        m.mean(),
        m.inverseStd(),
        m.y() == 0 ? 0 : Tail.slot(room, 2),
        Tail.slot(room, 3),
        0,
        0,
        m.addendGrad() == 0 ? 0 : Tail.slot(room, 4),
        masked ? dy : Tail.slot(room, 5));
  }

  static long scratchBytes(Workers workers, boolean bf16, Grid grid, Activated act) {
    return 5 * grid.rowBytes()
        + Tail.BYTES
        + BatchNormForward.parts(workers, bf16, grid) * perPart(bf16, grid, act);
  }

  /// Two rows of sums, the sums of the channels in f64, and room for blocks of the slope.
  private static long perPart(boolean bf16, Grid grid, Activated act) {
    return 2 * grid.rowBytes()
        + Tail.align(16L * grid.channels())
        + 64
        + BatchNormSlope.roomBytes(bf16, grid, act, BLOCK);
  }

  @Override
  public void run() {
    prepare();
    workers.run(parts, sums);
    merge();
    workers.run(parts, apply);
  }

  private void prepare() {
    for (int c = 0; c < grid.channels(); c++) {
      Raw.putF32(tile, c, Raw.getF32(m.mean(), c));
      float mean = Raw.getF32(m.mean(), c);
      float factor = Raw.getF32(m.scale(), c) * Raw.getF32(m.inverseStd(), c);
      Raw.putF32(tile, grid.period() + c, factor);
      Raw.putF32(
          tile, 2L * grid.period() + c, BatchNormForward.offset(grid, mean, factor, m.shift(), c));
    }
    for (int row = 0; row < 3; row++) {
      grid.repeat(tile + row * grid.rowBytes());
    }
  }

  private void sums(int part) {
    long s1 = scratch + part * perPart;
    long s2 = s1 + grid.rowBytes();
    long first = s2 + grid.rowBytes();
    long second = first + 8L * grid.channels();
    long room = second + Tail.align(8L * grid.channels());
    long from = Split.begin(grid.rows(), parts, part);
    long to = Split.begin(grid.rows(), parts, part + 1);
    FillLoops.zero(s1, 2 * grid.rowBytes() + 16L * grid.channels());
    for (long row = from; row < to; row += FLUSH) {
      long end = Math.min(row + FLUSH, to);
      if (masked) {
        sumsOfRows(row, end, s1, s2);
      } else {
        for (long r = row; r < end; r += BLOCK) {
          long n = Math.min(BLOCK, end - r);
          slope.write(m, r * grid.period(), grid.period(), n, tile, room);
          sumsOfRows(r, r + n, s1, s2);
        }
      }
      grid.fold(s1, first);
      grid.fold(s2, second);
    }
    if (part == parts - 1 && grid.rest() > 0) {
      sumsOfRest(s1, s2, room);
      grid.fold(s1, first);
      grid.fold(s2, second);
    }
  }

  private void sumsOfRows(long from, long to, long s1, long s2) {
    int period = grid.period();
    float low = bounds.low();
    float high = bounds.high();
    long dy = at(m.g(), from * period, gBf16);
    long x = at(m.x(), from * period, bf16);
    if (grid.paired()) {
      BatchNormPairLoops.gradSums(dy, x, period, period, to - from, tile, low, high, s1, s2);
      return;
    }
    long groups = (to - from) / BatchNormLoops.GROUP;
    BatchNormLoops.gradSums(bf16, gBf16, dy, x, period, groups, tile, low, high, s1, s2);
    for (long r = from + groups * BatchNormLoops.GROUP; r < to; r++) {
      sumsOfRow(m, r * period, period, tile, s1, s2);
    }
  }

  private void sumsOfRow(Memory of, long element, int n, long from, long s1, long s2) {
    if (grid.paired()) {
      BatchNormPairLoops.gradSums(
          at(of.g(), element, bf16),
          at(of.x(), element, bf16),
          grid.period(),
          n,
          1,
          from,
          bounds.low(),
          bounds.high(),
          s1,
          s2);
      return;
    }
    BatchNormLoops.gradSumsOfRow(
        bf16,
        gBf16,
        at(of.g(), element, gBf16),
        at(of.x(), element, bf16),
        grid.period(),
        n,
        from,
        bounds.low(),
        bounds.high(),
        s1,
        s2);
  }

  private void sumsOfRest(long s1, long s2, long room) {
    long rest = grid.rows() * grid.period();
    int n = grid.restInVectors();
    int count = grid.rest() - n;
    if (!masked) {
      slope.write(m, rest, n, 1, tile, room);
    }
    sumsOfRow(m, rest, n, tile, s1, s2);
    if (count > 0) {
      long skip = 4L * n;
      long element = rest + n;
      FillLoops.zero(
          last.dy(), Tail.BYTES); // zeros behind the last gradient add nothing to the sums
      copy(m.dy(), element, last.dy(), 0, count, bf16);
      copy(m.x(), element, last.x(), 0, count, bf16);
      if (m.y() != 0) {
        copy(m.y(), element, last.y(), 0, count, bf16);
      }
      if (!masked) {
        slope.write(last, 0, Raw.L, 1, tile + skip, room);
        copy(last.g(), 0, m.g(), element, count, gBf16);
        if (m.addendGrad() != 0) {
          copy(last.addendGrad(), 0, m.addendGrad(), element, count, bf16);
        }
      }
      sumsOfRow(last, 0, Raw.L, tile + skip, s1 + skip, s2 + skip);
    }
  }

  private void merge() {
    double n = (double) grid.elements() / grid.channels();
    for (int c = 0; c < grid.channels(); c++) {
      double sum = 0;
      double product = 0;
      for (int part = 0; part < parts; part++) {
        long first = scratch + part * perPart + 2 * grid.rowBytes();
        sum += Raw.getF64(first, c);
        product += Raw.getF64(first + 8L * grid.channels(), c);
      }
      double inverseStd = Raw.getF32(m.inverseStd(), c);
      double a = Raw.getF32(tile, grid.period() + grid.place(c));
      double mean = Raw.getF32(m.mean(), c);
      product -= grid.paired() ? mean * sum : 0;
      double b = -a * inverseStd * inverseStd * product / n;
      double moved = grid.paired() ? b * mean : 0;
      Raw.putF32(tile, 3L * grid.period() + c, (float) b);
      Raw.putF32(tile, 4L * grid.period() + c, (float) (-a * sum / n - moved));
      if (m.scaleGrad() != 0) {
        Raw.putF32(m.scaleGrad(), c, (float) (inverseStd * product));
      }
      if (m.shiftGrad() != 0) {
        Raw.putF32(m.shiftGrad(), c, (float) sum);
      }
    }
    grid.repeat(tile + 3 * grid.rowBytes());
    grid.repeat(tile + 4 * grid.rowBytes());
  }

  private void apply(int part) {
    if (m.dx() == 0) {
      return;
    }
    int period = grid.period();
    if (part == parts - 1 && grid.rest() > 0) {
      long rest = grid.rows() * period;
      int n = grid.restInVectors();
      dx(m, rest, n, 1, tile);
      if (n < grid.rest()) {
        dx(last, 0, Raw.L, 1, tile + 4L * n);
        copy(last.dx(), 0, m.dx(), rest + n, grid.rest() - n, bf16);
      }
    }
    long from = Split.begin(grid.rows(), parts, part);
    long rows = grid.stretch(bf16);
    for (long end = Split.begin(grid.rows(), parts, part + 1); end > from; end -= rows) {
      long row = Math.max(from, end - rows);
      dx(m, row * period, period, end - row, tile);
    }
  }

  private void dx(Memory of, long element, int n, long rows, long from) {
    if (grid.paired()) {
      BatchNormPairLoops.gradApply(
          at(of.g(), element, bf16),
          at(of.x(), element, bf16),
          at(of.dx(), element, bf16),
          grid.period(),
          n,
          rows,
          from,
          bounds.low(),
          bounds.high());
      return;
    }
    BatchNormLoops.gradApply(
        bf16,
        gBf16,
        at(of.g(), element, gBf16),
        at(of.x(), element, bf16),
        at(of.dx(), element, bf16),
        grid.period(),
        n,
        rows,
        from,
        bounds.low(),
        bounds.high());
  }

  private static void copy(long from, long element, long to, long toElement, int n, boolean bf16) {
    Raw.copy(at(from, element, bf16), at(to, toElement, bf16), (long) n << Raw.shift(bf16));
  }

  private static long at(long base, long element, boolean bf16) {
    return base + (element << Raw.shift(bf16));
  }
}
