package unfold.backend.vector;

import static unfold.backend.vector.Raw.ALL;
import static unfold.backend.vector.Raw.F;
import static unfold.backend.vector.Raw.L;
import static unfold.backend.vector.Raw.ORDER;
import static unfold.backend.vector.Raw.address;
import static unfold.backend.vector.Raw.at;
import static unfold.backend.vector.Raw.offset;
import static unfold.backend.vector.Raw.spread;

import jdk.incubator.vector.FloatVector;

/// The matrix products of [Winograd] and [WinogradGrad], all in f32. Sums stay in registers: eight
/// of them fill the sixteen of AVX2 with what they need, sixteen or twenty-four the thirty-two of
/// AVX-512, where a number that is loaded then meets more others.
///
/// Loops over the terms are told by an address when to end: the compiler unrolls a loop that
/// counts, loads what four rounds need before the first product, and has no registers left for the
/// sums (Zen 3: 40 instead of 85 billion operations a second). Stores of the large ones are written
/// out, since HotSpot stops to inline methods of ours, not those of the Vector API, where a
/// compilation has grown large.
final class ProductLoops {
  private ProductLoops() {}

  /// Two vectors of each row of a product: y = x·w.
  ///
  /// @param rows a multiple of four
  /// @param w two vectors for each term, one after the other
  static void fourByTwo(long x, long xStep, int rows, long w, int terms, long y, long yStep) {
    long row = offset(xStep);
    long next = offset(yStep);
    long end = address(w + 8L * L * terms);
    for (int p = 0; p < rows; p += 4) {
      long x0 = address(x + p * xStep);
      FloatVector a0 = FloatVector.zero(F);
      FloatVector b0 = a0;
      FloatVector a1 = a0;
      FloatVector b1 = a0;
      FloatVector a2 = a0;
      FloatVector b2 = a0;
      FloatVector a3 = a0;
      FloatVector b3 = a0;
      for (long from = address(w); from != end; from = address(from + 8L * L)) {
        FloatVector u = at(from);
        FloatVector v = at(from + 4L * L);
        FloatVector z = spread(x0);
        a0 = u.fma(z, a0);
        b0 = v.fma(z, b0);
        z = spread(x0 + row);
        a1 = u.fma(z, a1);
        b1 = v.fma(z, b1);
        z = spread(x0 + 2 * row);
        a2 = u.fma(z, a2);
        b2 = v.fma(z, b2);
        z = spread(x0 + 3 * row);
        a3 = u.fma(z, a3);
        b3 = v.fma(z, b3);
        x0 = address(x0 + 4);
      }
      long to = address(y + p * yStep);
      a0.intoMemorySegment(ALL, to, ORDER);
      b0.intoMemorySegment(ALL, to + 4L * L, ORDER);
      to = address(to + next);
      a1.intoMemorySegment(ALL, to, ORDER);
      b1.intoMemorySegment(ALL, to + 4L * L, ORDER);
      to = address(to + next);
      a2.intoMemorySegment(ALL, to, ORDER);
      b2.intoMemorySegment(ALL, to + 4L * L, ORDER);
      to = address(to + next);
      a3.intoMemorySegment(ALL, to, ORDER);
      b3.intoMemorySegment(ALL, to + 4L * L, ORDER);
    }
  }

  /// Four vectors of each row, the same.
  ///
  /// @param rows a multiple of four
  /// @param w four vectors for each term
  static void fourByFour(long x, long xStep, int rows, long w, int terms, long y, long yStep) {
    long row = offset(xStep);
    long next = offset(yStep);
    long end = address(w + 16L * L * terms);
    for (int p = 0; p < rows; p += 4) {
      long x0 = address(x + p * xStep);
      FloatVector a0 = FloatVector.zero(F);
      FloatVector b0 = a0;
      FloatVector c0 = a0;
      FloatVector d0 = a0;
      FloatVector a1 = a0;
      FloatVector b1 = a0;
      FloatVector c1 = a0;
      FloatVector d1 = a0;
      FloatVector a2 = a0;
      FloatVector b2 = a0;
      FloatVector c2 = a0;
      FloatVector d2 = a0;
      FloatVector a3 = a0;
      FloatVector b3 = a0;
      FloatVector c3 = a0;
      FloatVector d3 = a0;
      for (long from = address(w); from != end; from = address(from + 16L * L)) {
        FloatVector u = at(from);
        FloatVector v = at(from + 4L * L);
        FloatVector s = at(from + 8L * L);
        FloatVector t = at(from + 12L * L);
        FloatVector z = spread(x0);
        a0 = u.fma(z, a0);
        b0 = v.fma(z, b0);
        c0 = s.fma(z, c0);
        d0 = t.fma(z, d0);
        z = spread(x0 + row);
        a1 = u.fma(z, a1);
        b1 = v.fma(z, b1);
        c1 = s.fma(z, c1);
        d1 = t.fma(z, d1);
        z = spread(x0 + 2 * row);
        a2 = u.fma(z, a2);
        b2 = v.fma(z, b2);
        c2 = s.fma(z, c2);
        d2 = t.fma(z, d2);
        z = spread(x0 + 3 * row);
        a3 = u.fma(z, a3);
        b3 = v.fma(z, b3);
        c3 = s.fma(z, c3);
        d3 = t.fma(z, d3);
        x0 = address(x0 + 4);
      }
      long to = address(y + p * yStep);
      a0.intoMemorySegment(ALL, to, ORDER);
      b0.intoMemorySegment(ALL, to + 4L * L, ORDER);
      c0.intoMemorySegment(ALL, to + 8L * L, ORDER);
      d0.intoMemorySegment(ALL, to + 12L * L, ORDER);
      to = address(to + next);
      a1.intoMemorySegment(ALL, to, ORDER);
      b1.intoMemorySegment(ALL, to + 4L * L, ORDER);
      c1.intoMemorySegment(ALL, to + 8L * L, ORDER);
      d1.intoMemorySegment(ALL, to + 12L * L, ORDER);
      to = address(to + next);
      a2.intoMemorySegment(ALL, to, ORDER);
      b2.intoMemorySegment(ALL, to + 4L * L, ORDER);
      c2.intoMemorySegment(ALL, to + 8L * L, ORDER);
      d2.intoMemorySegment(ALL, to + 12L * L, ORDER);
      to = address(to + next);
      a3.intoMemorySegment(ALL, to, ORDER);
      b3.intoMemorySegment(ALL, to + 4L * L, ORDER);
      c3.intoMemorySegment(ALL, to + 8L * L, ORDER);
      d3.intoMemorySegment(ALL, to + 12L * L, ORDER);
    }
  }

  /// Six rows of four vectors at a time.
  ///
  /// @param rows a multiple of six
  /// @param w four vectors for each term
  static void sixByFour(long x, long xStep, int rows, long w, int terms, long y, long yStep) {
    long row = offset(xStep);
    long next = offset(yStep);
    long end = address(w + 16L * L * terms);
    for (int p = 0; p < rows; p += 6) {
      long x0 = address(x + p * xStep);
      FloatVector a0 = FloatVector.zero(F);
      FloatVector b0 = a0;
      FloatVector c0 = a0;
      FloatVector d0 = a0;
      FloatVector a1 = a0;
      FloatVector b1 = a0;
      FloatVector c1 = a0;
      FloatVector d1 = a0;
      FloatVector a2 = a0;
      FloatVector b2 = a0;
      FloatVector c2 = a0;
      FloatVector d2 = a0;
      FloatVector a3 = a0;
      FloatVector b3 = a0;
      FloatVector c3 = a0;
      FloatVector d3 = a0;
      FloatVector a4 = a0;
      FloatVector b4 = a0;
      FloatVector c4 = a0;
      FloatVector d4 = a0;
      FloatVector a5 = a0;
      FloatVector b5 = a0;
      FloatVector c5 = a0;
      FloatVector d5 = a0;
      for (long from = address(w); from != end; from = address(from + 16L * L)) {
        FloatVector u = at(from);
        FloatVector v = at(from + 4L * L);
        FloatVector s = at(from + 8L * L);
        FloatVector t = at(from + 12L * L);
        FloatVector z = spread(x0);
        a0 = u.fma(z, a0);
        b0 = v.fma(z, b0);
        c0 = s.fma(z, c0);
        d0 = t.fma(z, d0);
        z = spread(x0 + row);
        a1 = u.fma(z, a1);
        b1 = v.fma(z, b1);
        c1 = s.fma(z, c1);
        d1 = t.fma(z, d1);
        z = spread(x0 + 2 * row);
        a2 = u.fma(z, a2);
        b2 = v.fma(z, b2);
        c2 = s.fma(z, c2);
        d2 = t.fma(z, d2);
        z = spread(x0 + 3 * row);
        a3 = u.fma(z, a3);
        b3 = v.fma(z, b3);
        c3 = s.fma(z, c3);
        d3 = t.fma(z, d3);
        z = spread(x0 + 4 * row);
        a4 = u.fma(z, a4);
        b4 = v.fma(z, b4);
        c4 = s.fma(z, c4);
        d4 = t.fma(z, d4);
        z = spread(x0 + 5 * row);
        a5 = u.fma(z, a5);
        b5 = v.fma(z, b5);
        c5 = s.fma(z, c5);
        d5 = t.fma(z, d5);
        x0 = address(x0 + 4);
      }
      long to = address(y + p * yStep);
      a0.intoMemorySegment(ALL, to, ORDER);
      b0.intoMemorySegment(ALL, to + 4L * L, ORDER);
      c0.intoMemorySegment(ALL, to + 8L * L, ORDER);
      d0.intoMemorySegment(ALL, to + 12L * L, ORDER);
      to = address(to + next);
      a1.intoMemorySegment(ALL, to, ORDER);
      b1.intoMemorySegment(ALL, to + 4L * L, ORDER);
      c1.intoMemorySegment(ALL, to + 8L * L, ORDER);
      d1.intoMemorySegment(ALL, to + 12L * L, ORDER);
      to = address(to + next);
      a2.intoMemorySegment(ALL, to, ORDER);
      b2.intoMemorySegment(ALL, to + 4L * L, ORDER);
      c2.intoMemorySegment(ALL, to + 8L * L, ORDER);
      d2.intoMemorySegment(ALL, to + 12L * L, ORDER);
      to = address(to + next);
      a3.intoMemorySegment(ALL, to, ORDER);
      b3.intoMemorySegment(ALL, to + 4L * L, ORDER);
      c3.intoMemorySegment(ALL, to + 8L * L, ORDER);
      d3.intoMemorySegment(ALL, to + 12L * L, ORDER);
      to = address(to + next);
      a4.intoMemorySegment(ALL, to, ORDER);
      b4.intoMemorySegment(ALL, to + 4L * L, ORDER);
      c4.intoMemorySegment(ALL, to + 8L * L, ORDER);
      d4.intoMemorySegment(ALL, to + 12L * L, ORDER);
      to = address(to + next);
      a5.intoMemorySegment(ALL, to, ORDER);
      b5.intoMemorySegment(ALL, to + 4L * L, ORDER);
      c5.intoMemorySegment(ALL, to + 8L * L, ORDER);
      d5.intoMemorySegment(ALL, to + 12L * L, ORDER);
    }
  }

  /// y += xᵀ·w for two vectors of columns of x and two of w, one row of each for each term.
  static void outerTwo(long x, long w, int terms, long y, long yStep) {
    long end = address(w + 8L * L * terms);
    long next = offset(yStep);
    for (int p = 0; p < 2 * L; p += 4) {
      long x0 = address(x + 4L * p);
      long to = address(y + p * yStep);
      FloatVector a0 = at(to);
      FloatVector b0 = at(to + 4L * L);
      FloatVector a1 = at(to + next);
      FloatVector b1 = at(to + next + 4L * L);
      FloatVector a2 = at(to + 2 * next);
      FloatVector b2 = at(to + 2 * next + 4L * L);
      FloatVector a3 = at(to + 3 * next);
      FloatVector b3 = at(to + 3 * next + 4L * L);
      for (long from = address(w); from != end; from = address(from + 8L * L)) {
        FloatVector u = at(from);
        FloatVector v = at(from + 4L * L);
        FloatVector z = spread(x0);
        a0 = u.fma(z, a0);
        b0 = v.fma(z, b0);
        z = spread(x0 + 4);
        a1 = u.fma(z, a1);
        b1 = v.fma(z, b1);
        z = spread(x0 + 8);
        a2 = u.fma(z, a2);
        b2 = v.fma(z, b2);
        z = spread(x0 + 12);
        a3 = u.fma(z, a3);
        b3 = v.fma(z, b3);
        x0 = address(x0 + 8L * L);
      }
      a0.intoMemorySegment(ALL, to, ORDER);
      b0.intoMemorySegment(ALL, to + 4L * L, ORDER);
      a1.intoMemorySegment(ALL, to + next, ORDER);
      b1.intoMemorySegment(ALL, to + next + 4L * L, ORDER);
      a2.intoMemorySegment(ALL, to + 2 * next, ORDER);
      b2.intoMemorySegment(ALL, to + 2 * next + 4L * L, ORDER);
      a3.intoMemorySegment(ALL, to + 3 * next, ORDER);
      b3.intoMemorySegment(ALL, to + 3 * next + 4L * L, ORDER);
    }
  }

  /// y += xᵀ·w for two vectors of columns of x and four of w.
  static void outerFour(long x, long w, int terms, long y, long yStep) {
    long end = address(w + 16L * L * terms);
    long next = offset(yStep);
    for (int p = 0; p < 2 * L; p += 4) {
      long x0 = address(x + 4L * p);
      long to = address(y + p * yStep);
      FloatVector a0 = at(to);
      FloatVector b0 = at(to + 4L * L);
      FloatVector c0 = at(to + 8L * L);
      FloatVector d0 = at(to + 12L * L);
      FloatVector a1 = at(to + next);
      FloatVector b1 = at(to + next + 4L * L);
      FloatVector c1 = at(to + next + 8L * L);
      FloatVector d1 = at(to + next + 12L * L);
      FloatVector a2 = at(to + 2 * next);
      FloatVector b2 = at(to + 2 * next + 4L * L);
      FloatVector c2 = at(to + 2 * next + 8L * L);
      FloatVector d2 = at(to + 2 * next + 12L * L);
      FloatVector a3 = at(to + 3 * next);
      FloatVector b3 = at(to + 3 * next + 4L * L);
      FloatVector c3 = at(to + 3 * next + 8L * L);
      FloatVector d3 = at(to + 3 * next + 12L * L);
      for (long from = address(w); from != end; from = address(from + 16L * L)) {
        FloatVector u = at(from);
        FloatVector v = at(from + 4L * L);
        FloatVector s = at(from + 8L * L);
        FloatVector t = at(from + 12L * L);
        FloatVector z = spread(x0);
        a0 = u.fma(z, a0);
        b0 = v.fma(z, b0);
        c0 = s.fma(z, c0);
        d0 = t.fma(z, d0);
        z = spread(x0 + 4);
        a1 = u.fma(z, a1);
        b1 = v.fma(z, b1);
        c1 = s.fma(z, c1);
        d1 = t.fma(z, d1);
        z = spread(x0 + 8);
        a2 = u.fma(z, a2);
        b2 = v.fma(z, b2);
        c2 = s.fma(z, c2);
        d2 = t.fma(z, d2);
        z = spread(x0 + 12);
        a3 = u.fma(z, a3);
        b3 = v.fma(z, b3);
        c3 = s.fma(z, c3);
        d3 = t.fma(z, d3);
        x0 = address(x0 + 8L * L);
      }
      a0.intoMemorySegment(ALL, to, ORDER);
      b0.intoMemorySegment(ALL, to + 4L * L, ORDER);
      c0.intoMemorySegment(ALL, to + 8L * L, ORDER);
      d0.intoMemorySegment(ALL, to + 12L * L, ORDER);
      a1.intoMemorySegment(ALL, to + next, ORDER);
      b1.intoMemorySegment(ALL, to + next + 4L * L, ORDER);
      c1.intoMemorySegment(ALL, to + next + 8L * L, ORDER);
      d1.intoMemorySegment(ALL, to + next + 12L * L, ORDER);
      a2.intoMemorySegment(ALL, to + 2 * next, ORDER);
      b2.intoMemorySegment(ALL, to + 2 * next + 4L * L, ORDER);
      c2.intoMemorySegment(ALL, to + 2 * next + 8L * L, ORDER);
      d2.intoMemorySegment(ALL, to + 2 * next + 12L * L, ORDER);
      a3.intoMemorySegment(ALL, to + 3 * next, ORDER);
      b3.intoMemorySegment(ALL, to + 3 * next + 4L * L, ORDER);
      c3.intoMemorySegment(ALL, to + 3 * next + 8L * L, ORDER);
      d3.intoMemorySegment(ALL, to + 3 * next + 12L * L, ORDER);
    }
  }
}
