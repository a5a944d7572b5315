package unfold.backend.vector;

import unfold.backend.Kernel;
import unfold.backend.Workers;

/// Pooling, shared out by rows of the result.
///
/// @param items pictures
/// @param channels of each
/// @param rows what each row of the result reads
/// @param columns what each column of the result reads
/// @param inHeight rows of the operand
/// @param inWidth columns of the operand
record PoolKernels(
    Workers workers,
    boolean bf16,
    int items,
    int channels,
    Taps rows,
    Taps columns,
    int inHeight,
    int inWidth) {

  private PoolRows in() {
    return PoolRows.of(bf16, inWidth, channels, (long) items * inHeight);
  }

  private PoolRows out() {
    return PoolRows.of(bf16, columns.positions(), channels, units());
  }

  /// Whether maxima can stay in bf16.
  private boolean half() {
    return bf16 && channels % PoolHalfLoops.LANES == 0;
  }

  private long units() {
    return (long) items * rows.positions();
  }

  private int parts() {
    long elements =
        (long) items * ((long) inHeight * inWidth + (long) rows.positions() * columns.positions());
    return Split.parts(workers, units(), elements * channels << Raw.shift(bf16));
  }

  /// Buffers for the rows that are read (values and places), and one of each to write.
  long scratchBytes() {
    return parts() * perPart();
  }

  private long perPart() {
    return 2 * (rows.most() * in().bufferBytes() + out().bufferBytes());
  }

  /// Lists of one thread: the rows that a row of the result reads.
  private static final class Rows {
    final long[] values;
    final long[] places;
    final int[] codes;
    final float[] weights;

    Rows(int most) {
      values = new long[most];
      places = new long[most];
      codes = new int[most];
      weights = new float[most];
    }
  }

  private Rows[] lists() {
    var lists = new Rows[parts()];
    for (int i = 0; i < lists.length; i++) {
      lists[i] = new Rows(rows.most());
    }
    return lists;
  }

  Kernel weighted(long x, long y, long scratch) {
    long each = perPart();
    PoolRows in = in();
    PoolRows out = out();
    Rows[] lists = lists();
    return Split.share(
        workers,
        parts(),
        units(),
        (part, from, to) -> {
          long buffer = scratch + part * each;
          long result = buffer + rows.most() * in.bufferBytes();
          Rows list = lists[part];
          for (long i = from; i < to; i++) {
            int p = (int) (i % rows.positions());
            long item = i / rows.positions() * inHeight;
            int count = rows.first(p + 1) - rows.first(p);
            for (int r = 0; r < count; r++) {
              int e = rows.first(p) + r;
              list.values[r] = in.read(x, item + rows.source(e), buffer + r * in.bufferBytes());
              list.weights[r] = rows.weight(e);
            }
            long row = out.write(y, i, to, result);
            PoolLoops.weighted(bf16, list.values, list.weights, count, columns, channels, row);
            out.written(y, i, to, result);
          }
        });
  }

  Kernel mean2x2(long x, long y, long scratch) {
    long each = perPart();
    PoolRows in = in();
    PoolRows out = out();
    return Split.share(
        workers,
        parts(),
        units(),
        (part, from, to) -> {
          long buffer = scratch + part * each;
          long other = buffer + in.bufferBytes();
          long result = other + in.bufferBytes();
          for (long i = from; i < to; i++) {
            long above = in.read(x, 2 * i, buffer);
            long below = in.read(x, 2 * i + 1, other);
            long row = out.write(y, i, to, result);
            PoolLoops.mean2x2(bf16, above, below, row, columns.positions(), channels);
            out.written(y, i, to, result);
          }
        });
  }

  Kernel max(boolean wide, long x, long y, long places, long scratch) {
    long each = perPart();
    PoolRows in = in();
    PoolRows out = out();
    Rows[] lists = lists();
    boolean pairs = rows.pairs(inHeight) && columns.pairs(inWidth) && !wide;
    return Split.share(
        workers,
        parts(),
        units(),
        (part, from, to) -> {
          long buffer = scratch + part * each;
          long result = buffer + rows.most() * in.bufferBytes();
          long placed = result + out.bufferBytes();
          Rows list = lists[part];
          for (long i = from; i < to; i++) {
            int p = (int) (i % rows.positions());
            long item = i / rows.positions() * inHeight;
            int count = rows.first(p + 1) - rows.first(p);
            for (int r = 0; r < count; r++) {
              int e = rows.first(p) + r;
              list.values[r] = in.read(x, item + rows.source(e), buffer + r * in.bufferBytes());
              list.codes[r] = rows.code(e);
            }
            long values = out.write(y, i, to, result);
            long codes = out.writePlaces(wide, places, i, to, placed);
            if (half() && !wide) {
              PoolHalfLoops.max(list.values, list.codes, count, columns, channels, values, codes);
            } else if (pairs) {
              PoolLoops.max2x2(
                  bf16,
                  list.values[0],
                  list.values[1],
                  values,
                  codes,
                  columns.positions(),
                  channels);
            } else {
              PoolLoops.max(
                  bf16, wide, list.values, list.codes, count, columns, channels, values, codes);
            }
            out.written(y, i, to, result);
            out.writtenPlaces(wide, places, i, to, placed);
          }
        });
  }

  /// Here the rows of the result are those of dx, and what they read are rows of dy.
  Kernel maxGrad(boolean wide, long dy, long places, long dx, long scratch) {
    long each = perPart();
    PoolRows in = in();
    PoolRows out = out();
    Rows[] lists = lists();
    boolean inHalf = half() && rows.largestCode() + columns.largestCode() < PoolHalfLoops.CODES;
    boolean twos =
        (inHalf || !bf16 && in.exact()) && rows.most() <= 2 && columns.most() <= 2 && !wide;
    int nowhere = inHalf ? PoolHalfLoops.NOWHERE : PoolLoops.NOWHERE;
    return Split.share(
        workers,
        parts(),
        units(),
        (part, from, to) -> {
          long buffer = scratch + part * each;
          long placed = buffer + rows.most() * in.bufferBytes();
          long result = placed + rows.most() * in.bufferBytes();
          Rows list = lists[part];
          for (long i = from; i < to; i++) {
            int h = (int) (i % rows.positions());
            long item = i / rows.positions() * inHeight;
            int count = rows.first(h + 1) - rows.first(h);
            for (int r = 0; r < count; r++) {
              int e = rows.first(h) + r;
              long source = item + rows.source(e);
              long skip = r * in.bufferBytes();
              list.values[r] = in.read(dy, source, buffer + skip);
              list.places[r] = in.readPlaces(wide, places, source, placed + skip);
              list.codes[r] = rows.code(e);
            }
            long row = out.write(dx, i, to, result);
            if (twos) {
              if (count == 0) { // the loop reads something all the same
                list.values[0] = dy;
                list.places[0] = places;
              }
              int last = Math.max(0, count - 1);
              long g0 = list.values[0];
              long g1 = list.values[last];
              long places0 = list.places[0];
              long places1 = list.places[last];
              int code0 = count > 0 ? list.codes[0] : nowhere;
              int code1 = count > 1 ? list.codes[1] : nowhere;
              if (inHalf) {
                PoolHalfLoops.maxGradTwo(
                    g0, g1, places0, places1, code0, code1, columns, channels, row);
              } else {
                PoolLoops.maxGradTwo(
                    g0, g1, places0, places1, code0, code1, columns, channels, row);
              }
            } else {
              PoolLoops.maxGrad(
                  bf16, wide, list.values, list.places, list.codes, count, columns, channels, row);
            }
            out.written(dx, i, to, result);
          }
        });
  }

  /// Windows of 2×2 side by side: a row of dy makes two rows of dx. `places` is 0 for the mean.
  Kernel grad2x2(long dy, long places, long dx, long scratch) {
    long each = perPart();
    PoolRows in = in();
    long count = (long) items * inHeight;
    var out = PoolRows.of(bf16, columns.positions(), channels, 2 * count);
    return Split.share(
        workers,
        parts(),
        count,
        (part, from, to) -> {
          long values = scratch + part * each;
          long codes = values + in.bufferBytes();
          long result = codes + in.bufferBytes();
          for (long i = from; i < to; i++) {
            long g = in.read(dy, i, values);
            long codesAt = places == 0 ? 0 : in.readPlaces(false, places, i, codes);
            for (int line = 0; line < 2; line++) {
              long row = out.write(dx, 2 * i + line, 2 * to, result);
              if (places == 0) {
                PoolLoops.mean2x2Grad(bf16, g, row, inWidth, channels);
              } else if (half()) {
                PoolHalfLoops.max2x2Grad(g, codesAt, 2 * line, row, inWidth, channels);
              } else {
                PoolLoops.max2x2Grad(bf16, g, codesAt, 2 * line, row, inWidth, channels);
              }
              out.written(dx, 2 * i + line, 2 * to, result);
            }
          }
        });
  }
}
