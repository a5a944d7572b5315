package unfold.backend.vector;

import static unfold.backend.vector.Raw.ADDRESSES;
import static unfold.backend.vector.Raw.ALL;
import static unfold.backend.vector.Raw.ORDER;

import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.ShortVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorSpecies;

/// Maxima of bf16 and their gradient as [PoolLoops] computes them, without a way through f32: the
/// largest of some numbers is one of them, and a gradient that goes to one place is not summed.
/// Twice as many fit into a vector, and nothing is rounded. Channels fill whole vectors.
final class PoolHalfLoops {
  private static final VectorSpecies<Short> S = ShortVector.SPECIES_PREFERRED;
  private static final VectorSpecies<Byte> B =
      VectorSpecies.of(byte.class, VectorShape.forBitSize(S.vectorBitSize() / 2));

  /// Numbers in a vector.
  static final int LANES = S.length();

  /// What all bits but the sign say of infinity, and one more.
  private static final int NAN = 0x7F81;

  /// Keys of all but NaN lie in [−INFINITY, INFINITY]; by this much they are shifted down, so that
  /// those of negative NaN wrap around to the upper end.
  private static final int SHIFT = 0x8000 - 0x7F80;

  /// The bits of a number with an odd place, of two that lie in one integer.
  private static final int UPPER = 0xFFFF0000;

  /// Codes below this can be told from [#NOWHERE].
  static final int CODES = 64;

  /// Added to what code ever, or to itself, as a byte: a code that no place has.
  static final int NOWHERE = 96;

  private PoolHalfLoops() {}

  /// The largest of each window and the code of its place, as [PoolLoops#max].
  ///
  /// Numbers are compared by keys, which are integers in the same order: ±(all bits but the sign),
  /// so that both zeros are 0, shifted. Any NaN has the largest.
  static void max(
      long[] rows, int[] rowCodes, int rowCount, Taps columns, int c, long y, long places) {
    for (int q = 0; q < columns.positions(); q++) {
      int from = columns.first(q);
      int to = columns.first(q + 1);
      for (int j = 0; j < c; j += LANES) {
        ShortVector most = ShortVector.broadcast(S, Short.MIN_VALUE);
        ShortVector place = ShortVector.broadcast(S, rowCodes[0] + columns.code(from));
        for (int r = 0; r < rowCount; r++) {
          for (int e = from; e < to; e++) {
            long at = rows[r] + 2 * ((long) columns.source(e) * c + j);
            ShortVector bits = ShortVector.fromMemorySegment(S, ALL, at & ADDRESSES, ORDER);
            ShortVector sign = bits.lanewise(VectorOperators.ASHR, 15);
            ShortVector key =
                bits.and((short) 0x7FFF)
                    .lanewise(VectorOperators.XOR, sign)
                    .sub(sign)
                    .sub((short) SHIFT)
                    .min((short) (NAN - SHIFT));
            VectorMask<Short> wins = key.compare(VectorOperators.GT, most);
            most = most.max(key);
            place = place.blend((short) (rowCodes[r] + columns.code(e)), wins);
          }
        }
        ShortVector key = most.add((short) SHIFT);
        ShortVector sign = key.lanewise(VectorOperators.ASHR, 15);
        long to0 = (long) q * c + j;
        key.lanewise(VectorOperators.XOR, sign)
            .sub(sign)
            .or(sign.and(Short.MIN_VALUE))
            .intoMemorySegment(ALL, (y + 2 * to0) & ADDRESSES, ORDER);
        ((ByteVector) place.convertShape(VectorOperators.S2B, B, 0))
            .intoMemorySegment(ALL, (places + to0) & ADDRESSES, ORDER);
      }
    }
  }

  /// dx = Σ of the dy whose place is here, where a number lies in at most two windows in either
  /// direction, as [PoolLoops#maxGradTwo]. Sums are taken in f32, of numbers with even places and
  /// of those with odd ones.
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
      for (int j = 0; j < c; j += LANES) {
        ShortVector s0 =
            ShortVector.zero(S)
                .blend(
                    ShortVector.fromMemorySegment(S, ALL, (dy0 + 2 * (at + j)) & ADDRESSES, ORDER),
                    ByteVector.fromMemorySegment(B, ALL, (places0 + at + j) & ADDRESSES, ORDER)
                        .eq((byte) (code0 + left))
                        .cast(S));
        ShortVector s1 =
            ShortVector.zero(S)
                .blend(
                    ShortVector.fromMemorySegment(
                        S, ALL, (dy0 + 2 * (next + j)) & ADDRESSES, ORDER),
                    ByteVector.fromMemorySegment(B, ALL, (places0 + next + j) & ADDRESSES, ORDER)
                        .eq((byte) (code0 + right))
                        .cast(S));
        ShortVector s2 =
            ShortVector.zero(S)
                .blend(
                    ShortVector.fromMemorySegment(S, ALL, (dy1 + 2 * (at + j)) & ADDRESSES, ORDER),
                    ByteVector.fromMemorySegment(B, ALL, (places1 + at + j) & ADDRESSES, ORDER)
                        .eq((byte) (code1 + left))
                        .cast(S));
        ShortVector s3 =
            ShortVector.zero(S)
                .blend(
                    ShortVector.fromMemorySegment(
                        S, ALL, (dy1 + 2 * (next + j)) & ADDRESSES, ORDER),
                    ByteVector.fromMemorySegment(B, ALL, (places1 + next + j) & ADDRESSES, ORDER)
                        .eq((byte) (code1 + right))
                        .cast(S));
        FloatVector even =
            s0.reinterpretAsInts()
                .lanewise(VectorOperators.LSHL, 16)
                .reinterpretAsFloats()
                .add(
                    s1.reinterpretAsInts().lanewise(VectorOperators.LSHL, 16).reinterpretAsFloats())
                .add(
                    s2.reinterpretAsInts().lanewise(VectorOperators.LSHL, 16).reinterpretAsFloats())
                .add(
                    s3.reinterpretAsInts()
                        .lanewise(VectorOperators.LSHL, 16)
                        .reinterpretAsFloats());
        FloatVector odd =
            s0.reinterpretAsInts()
                .and(UPPER)
                .reinterpretAsFloats()
                .add(s1.reinterpretAsInts().and(UPPER).reinterpretAsFloats())
                .add(s2.reinterpretAsInts().and(UPPER).reinterpretAsFloats())
                .add(s3.reinterpretAsInts().and(UPPER).reinterpretAsFloats());
        IntVector low = even.reinterpretAsInts();
        IntVector high = odd.reinterpretAsInts();
        low.add(low.lanewise(VectorOperators.LSHR, 16).and(1))
            .add(0x7FFF)
            .lanewise(VectorOperators.LSHR, 16)
            .or(high.add(high.lanewise(VectorOperators.LSHR, 16).and(1)).add(0x7FFF).and(UPPER))
            .intoMemorySegment(ALL, (dx + 2 * ((long) w * c + j)) & ADDRESSES, ORDER);
      }
    }
  }

  /// dy to the one of two whose place it is, in one row, as [PoolLoops#max2x2Grad].
  static void max2x2Grad(long dy, long places, int place, long row, int width, int c) {
    for (int q = 0; q < width; q++) {
      long at = (long) q * c;
      for (int j = 0; j < c; j += LANES) {
        ShortVector g =
            ShortVector.fromMemorySegment(S, ALL, (dy + 2 * (at + j)) & ADDRESSES, ORDER);
        ShortVector here =
            (ShortVector)
                ByteVector.fromMemorySegment(B, ALL, (places + at + j) & ADDRESSES, ORDER)
                    .convertShape(VectorOperators.ZERO_EXTEND_B2S, S, 0);
        long to = row + 2 * (2 * at + j);
        ShortVector.zero(S)
            .blend(g, here.eq((short) place))
            .intoMemorySegment(ALL, to & ADDRESSES, ORDER);
        ShortVector.zero(S)
            .blend(g, here.eq((short) (place + 1)))
            .intoMemorySegment(ALL, (to + 2L * c) & ADDRESSES, ORDER);
      }
    }
  }
}
