package unfold.backend.vector;

import unfold.backend.Kernel;
import unfold.backend.Workers;

/// Batch normalisation in training: one pass of sums, one that writes y.
///
/// Numerical notes. Each part of the tensor sums x − s and (x − s)² with a shift s of its own, the
/// mean of up to eight rows spread over the part, so that a mean far from 0 does not cancel. Sums
/// run in f32 over at most 1024 rows and are then added in f64; parts are merged in f64 by Chan's
/// formula. The variance is good to about 1e−6·(1 + (μ − s)²/σ²).
///
/// @source Chan, Golub, LeVeque: Algorithms for computing the sample variance (1983)
final class BatchNormForward implements Kernel {
  /// Rows of sums in f32 before they go to f64; a multiple of the group.
  private static final int FLUSH = 1024;

  /// Addresses of operands and results; all of them but x, scale, shift and y may be 0.
  record Memory(
      long x,
      long scale,
      long shift,
      long runningMean,
      long runningVar,
      long addend,
      long y,
      long mean,
      long inverseStd,
      long newMean,
      long newVar) {}

  private final Workers workers;
  private final boolean bf16;
  private final Grid grid;
  private final int parts;
  private final Memory m;
  private final double epsilon;
  private final double momentum;
  private final Activated act;
  private final long tile;
  private final long scratch;
  private final long perPart;
  private final Workers.Body sums = this::sums;
  private final Workers.Body apply = this::apply;

  BatchNormForward(
      Workers workers,
      boolean bf16,
      Grid grid,
      Memory memory,
      double epsilon,
      double momentum,
      Activated act,
      long scratch) {
    this.workers = workers;
    this.bf16 = bf16;
    this.grid = grid;
    this.parts = parts(workers, bf16, grid);
    this.m = memory;
    this.epsilon = epsilon;
    this.momentum = momentum;
    this.act = act;
    this.tile = scratch;
    this.scratch = scratch + 3 * grid.rowBytes();
    this.perPart = perPart(bf16, grid, act);
  }

  static int parts(Workers workers, boolean bf16, Grid grid) {
    return Split.parts(workers, grid.rows(), grid.elements() * 2 << Raw.shift(bf16));
  }

  static long scratchBytes(Workers workers, boolean bf16, Grid grid, Activated act) {
    return 3 * grid.rowBytes() + parts(workers, bf16, grid) * perPart(bf16, grid, act);
  }

  /// Three rows (shift, sums, squares), mean and squared deviation of the channels in f64, and room
  /// for the second pass.
  private static long perPart(boolean bf16, Grid grid, Activated act) {
    return 3 * grid.rowBytes()
        + Tail.align(16L * grid.channels())
        + BatchNormApply.roomBytes(bf16, grid, act);
  }

  @Override
  public void run() {
    workers.run(parts, sums);
    merge();
    workers.run(parts, apply);
  }

  private void sums(int part) {
    long shift = scratch + part * perPart;
    long s1 = shift + grid.rowBytes();
    long s2 = s1 + grid.rowBytes();
    long mean = s2 + grid.rowBytes();
    long squares = mean + 8L * grid.channels();
    long from = Split.begin(grid.rows(), parts, part);
    long to = Split.begin(grid.rows(), parts, part + 1);
    FillLoops.zero(shift, 3 * grid.rowBytes() + 16L * grid.channels());
    sampleMean(from, to, shift, s1, s2, mean);
    for (long row = from; row < to; row += FLUSH) {
      long block = Math.min(FLUSH, to - row);
      long groups = block / BatchNormLoops.GROUP;
      if (grid.paired()) {
        BatchNormPairLoops.sums(at(row), grid.period(), groups, grid.ahead(), shift, s1, s2);
      } else {
        BatchNormLoops.sums(bf16, at(row), grid.period(), groups, shift, s1, s2);
      }
      for (long r = row + groups * BatchNormLoops.GROUP; r < row + block; r++) {
        sumsOfRow(r, shift, s1, s2);
      }
      grid.fold(s1, mean);
      grid.fold(s2, squares);
    }
    if (part == parts - 1) {
      sumsOfRest(shift, s1, s2);
      grid.fold(s1, mean);
      grid.fold(s2, squares);
    }
    double n = count(part);
    for (int c = 0; c < grid.channels(); c++) {
      double sum = Raw.getF64(mean, c);
      Raw.putF64(mean, c, Raw.getF32(shift, grid.place(c)) + sum / n);
      Raw.putF64(squares, c, Math.max(0, Raw.getF64(squares, c) - sum * sum / n));
    }
  }

  /// Fills the row `shift` with a rough mean of each channel, and leaves the sums at 0.
  private void sampleMean(long from, long to, long shift, long s1, long s2, long sums) {
    long rows = Math.min(8, to - from);
    if (rows == 0) {
      for (int c = 0; c < grid.channels(); c++) {
        Raw.putF32(shift, c, Raw.get(bf16, m.x(), c));
      }
    } else {
      for (long k = 0; k < rows; k++) {
        long row = from + k * (to - from) / rows;
        sumsOfRow(row, shift, s1, s2);
      }
      grid.fold(s1, sums);
      FillLoops.zero(s2, grid.rowBytes());
      double n = (double) (rows * grid.period()) / grid.channels();
      for (int c = 0; c < grid.channels(); c++) {
        Raw.putF32(shift, c, (float) (Raw.getF64(sums, c) / n));
        Raw.putF64(sums, c, 0);
      }
    }
    grid.repeat(shift);
  }

  private void sumsOfRow(long row, long shift, long s1, long s2) {
    if (grid.paired()) {
      BatchNormPairLoops.sumsOfRow(at(row), grid.period(), shift, s1, s2);
    } else {
      BatchNormLoops.sumsOfRow(bf16, at(row), grid.period(), shift, s1, s2);
    }
  }

  private void sumsOfRest(long shift, long s1, long s2) {
    long x = at(grid.rows());
    int whole = grid.restInVectors();
    BatchNormLoops.sumsOfRow(bf16, x, whole, shift, s1, s2);
    for (int j = whole; j < grid.rest(); j++) {
      float d = Raw.get(bf16, x, j) - Raw.getF32(shift, j);
      Raw.putF32(s1, j, Raw.getF32(s1, j) + d);
      Raw.putF32(s2, j, Raw.getF32(s2, j) + d * d);
    }
  }

  /// Values of each channel in a part.
  private double count(int part) {
    long rows = Split.begin(grid.rows(), parts, part + 1) - Split.begin(grid.rows(), parts, part);
    long elements = rows * grid.period() + (part == parts - 1 ? grid.rest() : 0);
    return (double) elements / grid.channels();
  }

  private void merge() {
    for (int c = 0; c < grid.channels(); c++) {
      double n = 0;
      double mean = 0;
      double squares = 0;
      for (int part = 0; part < parts; part++) {
        long means = scratch + part * perPart + 3 * grid.rowBytes();
        double more = count(part);
        double delta = Raw.getF64(means, c) - mean;
        squares +=
            Raw.getF64(means + 8L * grid.channels(), c) + delta * delta * n * more / (n + more);
        n += more;
        mean += delta * more / n;
      }
      double variance = squares / n;
      double inverseStd = 1 / Math.sqrt(variance + epsilon);
      Raw.putF32(tile, c, (float) mean);
      float factor = (float) (inverseStd * Raw.getF32(m.scale(), c));
      Raw.putF32(tile, grid.period() + c, factor);
      Raw.putF32(tile, 2L * grid.period() + c, offset(grid, (float) mean, factor, m.shift(), c));
      if (m.mean() != 0) {
        Raw.putF32(m.mean(), c, (float) mean);
      }
      if (m.inverseStd() != 0) {
        Raw.putF32(m.inverseStd(), c, (float) inverseStd);
      }
      if (m.newMean() != 0) {
        Raw.putF32(m.newMean(), c, moved(Raw.getF32(m.runningMean(), c), mean));
      }
      if (m.newVar() != 0) {
        Raw.putF32(m.newVar(), c, moved(Raw.getF32(m.runningVar(), c), squares / (n - 1)));
      }
    }
    for (int row = 0; row < 3; row++) {
      grid.repeat(tile + row * grid.rowBytes());
    }
  }

  /// What is added behind the product: β, or in a paired grid β − μ·a.
  static float offset(Grid grid, float mean, float factor, long shift, int c) {
    float beta = Raw.getF32(shift, c);
    return grid.paired() ? (float) (beta - (double) mean * factor) : beta;
  }

  private float moved(float old, double value) {
    return (float) ((1 - momentum) * old + momentum * value);
  }

  private void apply(int part) {
    long room = scratch + (part + 1) * perPart - BatchNormApply.roomBytes(bf16, grid, act);
    BatchNormApply.backwards(
        bf16,
        grid,
        Split.begin(grid.rows(), parts, part),
        Split.begin(grid.rows(), parts, part + 1),
        part == parts - 1,
        m.x(),
        m.addend(),
        m.y(),
        tile,
        act,
        room);
  }

  private long at(long row) {
    return m.x() + (row * grid.period() << Raw.shift(bf16));
  }
}
