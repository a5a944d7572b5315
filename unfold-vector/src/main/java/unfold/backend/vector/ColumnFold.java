package unfold.backend.vector;

import unfold.backend.Kernel;
import unfold.backend.Workers;

/// Folds a middle axis: outer × n × inner into outer × inner, inner > 1. Sums run in f32 over at
/// most 1024 rows, and in f64 over such sums; those of a bias's gradient in f32, of which again at
/// most 1024 are added.
///
/// Few columns are walked as rows of a [Grid], shared among the threads by rows if there is one
/// outer block, else by blocks; many columns are shared by columns.
final class ColumnFold {
  private static final int MANY = 4096;
  private static final int FLUSH = 1024;

  private final Workers workers;
  private final boolean bf16;
  private final boolean toBf16;
  private final Fold fold;
  private final double factor;
  private final long outer;
  private final long n;
  private final long inner;

  ColumnFold(
      Workers workers,
      boolean bf16,
      boolean toBf16,
      Fold fold,
      double factor,
      long outer,
      long n,
      long inner) {
    this.workers = workers;
    this.bf16 = bf16;
    this.toBf16 = toBf16;
    this.fold = fold;
    this.factor = factor;
    this.outer = outer;
    this.n = n;
    this.inner = inner;
  }

  String label() {
    return inner >= MANY ? "columns" : "rows" + grid().period();
  }

  private Grid grid() {
    return Grid.of(n * inner, (int) inner);
  }

  private long bytes() {
    return outer * n * inner << Raw.shift(bf16);
  }

  private int parts() {
    if (inner >= MANY) {
      return Split.parts(workers, outer * slices(), bytes());
    }
    return Split.parts(workers, outer == 1 ? grid().rows() : outer, bytes());
  }

  private long slices() {
    return (inner + MANY - 1) / MANY;
  }

  /// Whether whole vectors are added to the end, as for the gradient of a bias. A network does that
  /// once a step for each, so that loops over single numbers would be interpreted for its first
  /// fifty steps.
  private boolean inVectors() {
    return inner >= Raw.L
        && inner < MANY
        && outer == 1
        && n <= FLUSH * FLUSH
        && fold == Fold.SUM
        && factor == 1;
  }

  /// A row of f32 and the columns in f64 for each part, or else two rows of f32, each with a vector
  /// behind it that is read, but not used.
  private long perPart() {
    if (inVectors()) {
      return 2 * paddedRow();
    }
    return inner >= MANY ? 12L * MANY : grid().rowBytes() + Tail.align(8 * inner);
  }

  private long paddedRow() {
    return Tail.align(grid().rowBytes() + 4L * Raw.L);
  }

  long scratchBytes() {
    return parts() * perPart();
  }

  Kernel bind(long x, long y, long scratch) {
    int parts = parts();
    long perPart = perPart();
    if (inner >= MANY) {
      long slices = slices();
      return Split.share(
          workers,
          parts,
          outer * slices,
          (part, from, to) -> {
            for (long i = from; i < to; i++) {
              slice(x, y, i / slices, i % slices * MANY, scratch + part * perPart);
            }
          });
    }
    Grid grid = grid();
    if (inVectors()) {
      return sumInVectors(grid, x, y, scratch);
    }
    if (outer > 1) {
      return Split.share(
          workers,
          parts,
          outer,
          (part, from, to) -> {
            long row = scratch + part * perPart;
            long columns = row + grid.rowBytes();
            for (long i = from; i < to; i++) {
              long block = x + (i * n * inner << Raw.shift(bf16));
              rows(grid, block, 0, grid.rows(), true, row, columns);
              write(columns, y, i * inner, (int) inner);
            }
          });
    }
    Kernel sums =
        Split.share(
            workers,
            parts,
            grid.rows(),
            (part, from, to) -> {
              long row = scratch + part * perPart;
              rows(grid, x, from, to, part == parts - 1, row, row + grid.rowBytes());
            });
    return () -> {
      sums.run();
      long all = scratch + grid.rowBytes();
      for (int part = 1; part < parts; part++) {
        join(all, all + part * perPart);
      }
      write(all, y, 0, (int) inner);
    };
  }

  private Kernel sumInVectors(Grid grid, long x, long y, long scratch) {
    int parts = parts();
    long perPart = perPart();
    Kernel sums =
        Split.share(
            workers,
            parts,
            grid.rows(),
            (part, from, to) -> {
              long total = scratch + part * perPart;
              long row = total + paddedRow();
              FillLoops.zero(total, perPart);
              for (long r = from; r < to; r += FLUSH) {
                add(grid, x, r, Math.min(r + FLUSH, to), row);
                ReduceLoops.add(row, grid.period(), total);
                FillLoops.zero(row, grid.rowBytes());
              }
              if (part == parts - 1 && grid.rest() > 0) {
                rest(grid, x, total);
              }
            });
    return () -> {
      sums.run();
      for (int part = 1; part < parts; part++) {
        ReduceLoops.add(scratch + part * perPart, grid.period(), scratch);
      }
      // The last vector of each reads and writes beyond, at the beginning of what has been added.
      for (int j = (int) inner; j < grid.period(); j += (int) inner) {
        ReduceLoops.add(scratch + 4L * j, (int) inner, scratch);
      }
      Row.write(toBf16, scratch, y, (int) inner);
    };
  }

  private void rows(Grid grid, long x, long from, long to, boolean rest, long row, long columns) {
    fill(row, grid.period());
    for (int c = 0; c < inner; c++) {
      Raw.putF64(columns, c, fold.neutral);
    }
    for (long r = from; r < to; r += FLUSH) {
      add(grid, x, r, Math.min(r + FLUSH, to), row);
      flush(grid, row, columns);
    }
    if (rest && grid.rest() > 0) {
      rest(grid, x, row);
      flush(grid, row, columns);
    }
  }

  /// Folds rows of x into one of f32.
  private void add(Grid grid, long x, long from, long to, long row) {
    long at = from;
    if (fold == Fold.SUM) {
      long groups = (to - from) / ReduceLoops.GROUP;
      ReduceLoops.sums(bf16, at(x, from, grid), grid.period(), groups, row);
      at += groups * ReduceLoops.GROUP;
    }
    for (; at < to; at++) {
      fold.row(bf16, at(x, at, grid), grid.period(), row);
    }
  }

  /// Folds what is behind the last whole row of x.
  private void rest(Grid grid, long x, long row) {
    long last = at(x, grid.rows(), grid);
    int whole = grid.restInVectors();
    fold.row(bf16, last, whole, row);
    for (int j = whole; j < grid.rest(); j++) {
      Raw.putF32(row, j, (float) fold.join(Raw.getF32(row, j), Raw.get(bf16, last, j)));
    }
  }

  private void flush(Grid grid, long row, long columns) {
    for (int j = 0; j < grid.period(); j += (int) inner) {
      for (int c = 0; c < inner; c++) {
        Raw.putF64(columns, c, fold.join(Raw.getF64(columns, c), Raw.getF32(row, j + c)));
      }
    }
    fill(row, grid.period());
  }

  /// Up to MANY columns of one outer block.
  private void slice(long x, long y, long block, long column, long row) {
    int width = (int) Math.min(MANY, inner - column);
    int whole = width / Raw.L * Raw.L;
    long columns = row + 4L * MANY;
    for (int c = 0; c < width; c++) {
      Raw.putF64(columns, c, fold.neutral);
    }
    for (long first = 0; first < n; first += FLUSH) {
      fill(row, width);
      for (long r = first; r < Math.min(first + FLUSH, n); r++) {
        long at = x + ((block * n + r) * inner + column << Raw.shift(bf16));
        fold.row(bf16, at, whole, row);
        for (int c = whole; c < width; c++) {
          Raw.putF32(row, c, (float) fold.join(Raw.getF32(row, c), Raw.get(bf16, at, c)));
        }
      }
      for (int c = 0; c < width; c++) {
        Raw.putF64(columns, c, fold.join(Raw.getF64(columns, c), Raw.getF32(row, c)));
      }
    }
    write(columns, y, block * inner + column, width);
  }

  private void fill(long row, int count) {
    for (int j = 0; j < count; j++) {
      Raw.putF32(row, j, (float) fold.neutral);
    }
  }

  private void join(long all, long more) {
    for (int c = 0; c < inner; c++) {
      Raw.putF64(all, c, fold.join(Raw.getF64(all, c), Raw.getF64(more, c)));
    }
  }

  private void write(long columns, long y, long at, int count) {
    for (int c = 0; c < count; c++) {
      Raw.put(toBf16, y, at + c, (float) (factor * Raw.getF64(columns, c)));
    }
  }

  private long at(long x, long row, Grid grid) {
    return x + (row * grid.period() << Raw.shift(bf16));
  }
}
