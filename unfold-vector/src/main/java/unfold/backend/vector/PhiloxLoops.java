package unfold.backend.vector;

import static unfold.backend.vector.Raw.F;
import static unfold.backend.vector.Raw.L;
import static unfold.backend.vector.Raw.load;
import static unfold.backend.vector.Raw.store;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.LongVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorShuffle;
import jdk.incubator.vector.VectorSpecies;

/// Philox4x32-10 for many counters at once, each in a lane of 64 bits, so that a product of two
/// words fits.
///
/// @source as [unfold.random.Philox]
final class PhiloxLoops {
  private static final VectorSpecies<Long> W = LongVector.SPECIES_PREFERRED;

  /// Blocks computed at once.
  static final int LANES = W.length();

  private static final long M0 = 0xD2511F53L;
  private static final long M1 = 0xCD9E8D57L;
  private static final int W0 = 0x9E3779B9;
  private static final int W1 = 0xBB67AE85;
  private static final long WORD = 0xFFFFFFFFL;
  private static final LongVector STEPS = LongVector.zero(W).addIndex(1);
  private static final VectorShuffle<Long> LOW = VectorShuffle.makeZip(W, 0);
  private static final VectorShuffle<Long> HIGH = VectorShuffle.makeZip(W, 1);

  private PhiloxLoops() {}

  /// Writes the 4·blocks words of the blocks at counters (first …, c1, c2, c3); blocks is a
  /// multiple of LANES.
  static void words(long key, int first, int c1, int c2, int c3, int blocks, long to) {
    for (int b = 0; b < blocks; b += LANES) {
      LongVector x0 = STEPS.add(Integer.toUnsignedLong(first + b)).and(WORD);
      LongVector x1 = LongVector.broadcast(W, c1 & WORD);
      LongVector x2 = LongVector.broadcast(W, c2 & WORD);
      LongVector x3 = LongVector.broadcast(W, c3 & WORD);
      int k0 = (int) key;
      int k1 = (int) (key >>> 32);
      for (int round = 0; round < 10; round++) {
        LongVector p0 = x0.mul(M0);
        LongVector p1 = x2.mul(M1);
        x0 =
            p1.lanewise(VectorOperators.LSHR, 32)
                .lanewise(VectorOperators.XOR, x1)
                .lanewise(VectorOperators.XOR, k0 & WORD);
        x2 =
            p0.lanewise(VectorOperators.LSHR, 32)
                .lanewise(VectorOperators.XOR, x3)
                .lanewise(VectorOperators.XOR, k1 & WORD);
        x1 = p1.and(WORD);
        x3 = p0.and(WORD);
        k0 += W0;
        k1 += W1;
      }
      LongVector even = x0.or(x1.lanewise(VectorOperators.LSHL, 32));
      LongVector odd = x2.or(x3.lanewise(VectorOperators.LSHL, 32));
      long at = to + 16L * b;
      even.rearrange(LOW, odd).intoMemorySegment(Raw.ALL, at, Raw.ORDER);
      even.rearrange(HIGH, odd).intoMemorySegment(Raw.ALL, at + 8L * LANES, Raw.ORDER);
    }
  }

  /// y = scale·x where the word, read as unsigned, is at least `threshold`, else 0.
  static void drop(boolean bf16, long words, long x, long y, int n, int threshold, float scale) {
    for (int i = 0; i < n; i += L) {
      var kept = Raw.i32(words + 4L * i).compare(VectorOperators.UGE, threshold);
      FloatVector v = load(bf16, x, i).mul(scale);
      store(bf16, y, i, FloatVector.zero(F).blend(v, kept.cast(F)));
    }
  }
}
