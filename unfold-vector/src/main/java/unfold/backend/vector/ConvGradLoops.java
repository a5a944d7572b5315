package unfold.backend.vector;

import static unfold.backend.vector.Raw.F;
import static unfold.backend.vector.Raw.L;
import static unfold.backend.vector.Raw.address;
import static unfold.backend.vector.Raw.at;
import static unfold.backend.vector.Raw.offset;
import static unfold.backend.vector.Raw.put;
import static unfold.backend.vector.Raw.spread;

import jdk.incubator.vector.FloatVector;

/// Steps of [ConvGrad], all in f32.
final class ConvGradLoops {
  /// Numbers that meet two vectors at once: twelve sums, which with what they need fill sixteen
  /// registers.
  static final int SIX = 6;

  private ConvGradLoops() {}

  /// y = xᵀ·w: six rows of two vectors, one after the other.
  ///
  /// What the compiler makes of this loop depends on its form (Zen 3, two threads: 190 billion
  /// operations a second, or 85). It ends at an address, since one that counts is unrolled and has
  /// no registers left then ([ProductLoops]); the step of x is no constant; and the sums begin with
  /// zeros, since only some forty vector operations of a method are inlined.
  ///
  /// @param x six numbers for each term
  /// @param xStep bytes of those
  /// @param w two vectors for each term
  static void outer(long x, long xStep, long w, int terms, long y) {
    long step = offset(xStep);
    long end = address(w + 8L * L * terms);
    long at = address(x);
    FloatVector a0 = FloatVector.zero(F);
    FloatVector b0 = a0;
    FloatVector a1 = a0;
    FloatVector b1 = a0;
    FloatVector a2 = a0;
    FloatVector b2 = a0;
    FloatVector a3 = a0;
    FloatVector b3 = a0;
    FloatVector a4 = a0;
    FloatVector b4 = a0;
    FloatVector a5 = a0;
    FloatVector b5 = a0;
    for (long from = address(w); from != end; from = address(from + 8L * L)) {
      FloatVector u = at(from);
      FloatVector v = at(from + 4L * L);
      FloatVector z = spread(at);
      a0 = u.fma(z, a0);
      b0 = v.fma(z, b0);
      z = spread(at + 4);
      a1 = u.fma(z, a1);
      b1 = v.fma(z, b1);
      z = spread(at + 8);
      a2 = u.fma(z, a2);
      b2 = v.fma(z, b2);
      z = spread(at + 12);
      a3 = u.fma(z, a3);
      b3 = v.fma(z, b3);
      z = spread(at + 16);
      a4 = u.fma(z, a4);
      b4 = v.fma(z, b4);
      z = spread(at + 20);
      a5 = u.fma(z, a5);
      b5 = v.fma(z, b5);
      at = address(at + step);
    }
    long to = address(y);
    put(to, a0);
    put(to + 4L * L, b0);
    put(to + 8L * L, a1);
    put(to + 12L * L, b1);
    put(to + 16L * L, a2);
    put(to + 20L * L, b2);
    put(to + 24L * L, a3);
    put(to + 28L * L, b3);
    put(to + 32L * L, a4);
    put(to + 36L * L, b4);
    put(to + 40L * L, a5);
    put(to + 44L * L, b5);
  }

  /// y += x for the first `rows` of what [#outer] wrote, to rows so many bytes apart.
  static void add(long x, long y, long yStep, int rows) {
    for (int r = 0; r < rows; r++) {
      long from = address(x + r * 8L * L);
      long to = address(y + r * yStep);
      put(to, at(to).add(at(from)));
      put(to + 4L * L, at(to + 4L * L).add(at(from + 4L * L)));
    }
  }

  /// y = x, so too.
  static void copy(long x, long y, long yStep, int rows) {
    for (int r = 0; r < rows; r++) {
      long from = address(x + r * 8L * L);
      long to = address(y + r * yStep);
      put(to, at(from));
      put(to + 4L * L, at(from + 4L * L));
    }
  }

  /// Two vectors of each block of each term, those of a block side by side.
  ///
  /// @param step in bytes from term to term of x
  static void pairs(long x, long step, int terms, int blocks, long y, long blockBytes) {
    long next = offset(blockBytes);
    for (int t = 0; t < terms; t++) {
      long from = address(x + t * step);
      long to = address(y + t * 8L * L);
      for (int b = 0; b < blocks; b++) {
        put(to, at(from));
        put(to + 4L * L, at(from + 4L * L));
        from = address(from + 8L * L);
        to = address(to + next);
      }
    }
  }

  /// Six numbers of each block of each term, those of a block side by side. Whole vectors are read
  /// and written: what is too much is overwritten with the next term, and behind a row of x and
  /// behind a block there is room.
  static void sixes(long x, long step, int terms, int blocks, long y, long blockBytes) {
    long next = offset(blockBytes);
    for (int t = 0; t < terms; t++) {
      long from = address(x + t * step);
      long to = address(y + t * 4L * SIX);
      for (int b = 0; b < blocks; b++) {
        put(to, at(from));
        from = address(from + 4L * SIX);
        to = address(to + next);
      }
    }
  }
}
