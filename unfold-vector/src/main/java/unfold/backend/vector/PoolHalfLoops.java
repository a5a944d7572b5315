package unfold.backend.vector;

import static unfold.backend.vector.Raw.ADDRESSES;
import static unfold.backend.vector.Raw.ALL;
import static unfold.backend.vector.Raw.ORDER;

import jdk.incubator.vector.ByteVector;
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
