package unfold.backend.vector;

import static unfold.backend.vector.Raw.F;
import static unfold.backend.vector.Raw.I;
import static unfold.backend.vector.Raw.L;
import static unfold.backend.vector.Raw.f32;
import static unfold.backend.vector.Raw.load;
import static unfold.backend.vector.Raw.store;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorMask;

/// Pooling of one row of the result, all channels of each position in vectors. Where the channels
/// are no multiple of the vector length, the last vector of a position reads and writes beyond it:
/// positions are written in ascending order, so that the next one puts that right, and rows have
/// room behind their end.
final class PoolLoops {
  /// A code that no place has, added to what code ever.
  static final int NOWHERE = 1 << 20;

  private PoolLoops() {}

  /// y = Σ rows Σ columns weight · x
  static void weighted(
      boolean bf16, long[] rows, float[] rowWeights, int rowCount, Taps columns, int c, long y) {
    for (int q = 0; q < columns.positions(); q++) {
      int from = columns.first(q);
      int to = columns.first(q + 1);
      for (int j = 0; j < c; j += L) {
        FloatVector sum = FloatVector.zero(F);
        for (int r = 0; r < rowCount; r++) {
          for (int e = from; e < to; e++) {
            FloatVector v = load(bf16, rows[r], (long) columns.source(e) * c + j);
            sum = v.fma(FloatVector.broadcast(F, rowWeights[r] * columns.weight(e)), sum);
          }
        }
        store(bf16, y, (long) q * c + j, sum);
      }
    }
  }

  /// The mean of squares of four. A loop for each type: many loads in one loop are compiled well
  /// only if each is short.
  static void mean2x2(boolean bf16, long above, long below, long y, int width, int c) {
    if (bf16) {
      mean2x2Bf16(above, below, y, width, c);
    } else {
      mean2x2F32(above, below, y, width, c);
    }
  }

  private static void mean2x2Bf16(long above, long below, long y, int width, int c) {
    for (int q = 0; q < width; q++) {
      long left = 2L * q * c;
      for (int j = 0; j < c; j += L) {
        long at = 2L * j + 2 * left;
        long right = at + 2L * c;
        FloatVector a = Raw.bf16(above + at).add(Raw.bf16(above + right));
        FloatVector b = Raw.bf16(below + at).add(Raw.bf16(below + right));
        Raw.bf16(y + left + 2L * j, a.add(b).mul(0.25f));
      }
    }
  }

  private static void mean2x2F32(long above, long below, long y, int width, int c) {
    for (int q = 0; q < width; q++) {
      long left = 4L * q * c;
      for (int j = 0; j < c; j += L) {
        long at = 4L * j + 2 * left;
        long right = at + 4L * c;
        FloatVector a = Raw.f32(above + at).add(Raw.f32(above + right));
        FloatVector b = Raw.f32(below + at).add(Raw.f32(below + right));
        Raw.f32(y + left + 4L * j, a.add(b).mul(0.25f));
      }
    }
  }

  /// A quarter of dy to each of two, in one row.
  static void mean2x2Grad(boolean bf16, long dy, long row, int width, int c) {
    if (bf16) {
      mean2x2GradBf16(dy, row, width, c);
    } else {
      mean2x2GradF32(dy, row, width, c);
    }
  }

  private static void mean2x2GradBf16(long dy, long row, int width, int c) {
    for (int q = 0; q < width; q++) {
      long left = 2L * q * c;
      for (int j = 0; j < c; j += L) {
        Raw.bf16(row + 2 * left + 2L * j, Raw.bf16(dy + left + 2L * j).mul(0.25f));
      }
      for (int j = 0; j < c; j += L) {
        Raw.bf16(row + 2 * left + 2L * (j + c), Raw.bf16(dy + left + 2L * j).mul(0.25f));
      }
    }
  }

  private static void mean2x2GradF32(long dy, long row, int width, int c) {
    for (int q = 0; q < width; q++) {
      long left = 4L * q * c;
      for (int j = 0; j < c; j += L) {
        Raw.f32(row + 2 * left + 4L * j, Raw.f32(dy + left + 4L * j).mul(0.25f));
      }
      for (int j = 0; j < c; j += L) {
        Raw.f32(row + 2 * left + 4L * (j + c), Raw.f32(dy + left + 4L * j).mul(0.25f));
      }
    }
  }

  /// The largest of each window and the code of its place.
  static void max(
      boolean bf16,
      boolean wide,
      long[] rows,
      int[] rowCodes,
      int rowCount,
      Taps columns,
      int c,
      long y,
      long places) {
    for (int q = 0; q < columns.positions(); q++) {
      int from = columns.first(q);
      int to = columns.first(q + 1);
      for (int j = 0; j < c; j += L) {
        FloatVector most = FloatVector.broadcast(F, Float.NEGATIVE_INFINITY);
        IntVector place = IntVector.broadcast(I, rowCodes[0] + columns.code(from));
        for (int r = 0; r < rowCount; r++) {
          for (int e = from; e < to; e++) {
            FloatVector v = load(bf16, rows[r], (long) columns.source(e) * c + j);
            VectorMask<Float> wins = Lanes.wins(v, most);
            most = most.blend(v, wins);
            place = place.blend(rowCodes[r] + columns.code(e), wins.cast(I));
          }
        }
        store(bf16, y, (long) q * c + j, most);
        Lanes.putPlaces(wide, places, (long) q * c + j, place);
      }
    }
  }

  static void max2x2(boolean bf16, long above, long below, long y, long places, int width, int c) {
    for (int q = 0; q < width; q++) {
      long left = 2L * q * c;
      for (int j = 0; j < c; j += L) {
        FloatVector most = load(bf16, above, left + j);
        FloatVector v = load(bf16, above, left + c + j);
        VectorMask<Float> wins = Lanes.wins(v, most);
        most = most.blend(v, wins);
        IntVector place = IntVector.zero(I).blend(1, wins.cast(I));
        v = load(bf16, below, left + j);
        wins = Lanes.wins(v, most);
        most = most.blend(v, wins);
        place = place.blend(2, wins.cast(I));
        v = load(bf16, below, left + c + j);
        wins = Lanes.wins(v, most);
        most = most.blend(v, wins);
        place = place.blend(3, wins.cast(I));
        store(bf16, y, (long) q * c + j, most);
        Raw.u8(places + (long) q * c + j, place);
      }
    }
  }

  /// dx = Σ of the dy whose place is here.
  static void maxGrad(
      boolean bf16,
      boolean wide,
      long[] dyRows,
      long[] placeRows,
      int[] rowCodes,
      int rowCount,
      Taps columns,
      int c,
      long dx) {
    for (int w = 0; w < columns.positions(); w++) {
      int from = columns.first(w);
      int to = columns.first(w + 1);
      for (int j = 0; j < c; j += L) {
        FloatVector sum = FloatVector.zero(F);
        for (int r = 0; r < rowCount; r++) {
          for (int e = from; e < to; e++) {
            long at = (long) columns.source(e) * c + j;
            var here = Lanes.places(wide, placeRows[r], at).eq(rowCodes[r] + columns.code(e));
            FloatVector g = load(bf16, dyRows[r], at);
            sum = sum.add(FloatVector.zero(F).blend(g, here.cast(F)));
          }
        }
        store(bf16, dx, (long) w * c + j, sum);
      }
    }
  }

  /// The same where a number lies in at most two windows in either direction, in f32; channels fill
  /// whole vectors.
  ///
  /// @param code0 of the first row, or [#NOWHERE]
  /// @param code1 of the second, so too
  static void maxGradTwo(
      long dy0,
      long dy1,
      long places0,
      long places1,
      int code0,
      int code1,
      Taps columns,
      int c,
      long dx) {
    for (int w = 0; w < columns.positions(); w++) {
      int from = columns.first(w);
      int count = columns.first(w + 1) - from;
      int left = count > 0 ? columns.code(from) : NOWHERE;
      int right = count > 1 ? columns.code(from + 1) : NOWHERE;
      long at = count > 0 ? (long) columns.source(from) * c : 0;
      long next = count > 1 ? (long) columns.source(from + 1) * c : at;
      for (int j = 0; j < c; j += L) {
        FloatVector zero = FloatVector.zero(F);
        FloatVector sum =
            zero.blend(f32(dy0 + 4 * (at + j)), Raw.u8(places0 + at + j).eq(code0 + left).cast(F));
        sum =
            sum.add(
                zero.blend(
                    f32(dy0 + 4 * (next + j)),
                    Raw.u8(places0 + next + j).eq(code0 + right).cast(F)));
        sum =
            sum.add(
                zero.blend(
                    f32(dy1 + 4 * (at + j)), Raw.u8(places1 + at + j).eq(code1 + left).cast(F)));
        sum =
            sum.add(
                zero.blend(
                    f32(dy1 + 4 * (next + j)),
                    Raw.u8(places1 + next + j).eq(code1 + right).cast(F)));
        f32(dx + 4 * ((long) w * c + j), sum);
      }
    }
  }

  /// dy to the one of two whose place it is, in one row.
  ///
  /// @param place of the left one
  static void max2x2Grad(
      boolean bf16, long dy, long places, int place, long row, int width, int c) {
    for (int q = 0; q < width; q++) {
      long at = (long) q * c;
      for (int j = 0; j < c; j += L) {
        var here = Raw.u8(places + at + j).eq(place);
        store(
            bf16, row, 2 * at + j, FloatVector.zero(F).blend(load(bf16, dy, at + j), here.cast(F)));
      }
      for (int j = 0; j < c; j += L) {
        var here = Raw.u8(places + at + j).eq(place + 1);
        store(
            bf16,
            row,
            2 * at + c + j,
            FloatVector.zero(F).blend(load(bf16, dy, at + j), here.cast(F)));
      }
    }
  }
}
