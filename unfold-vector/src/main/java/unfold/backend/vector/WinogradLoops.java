package unfold.backend.vector;

import static unfold.backend.vector.Raw.F;
import static unfold.backend.vector.Raw.L;
import static unfold.backend.vector.Raw.address;
import static unfold.backend.vector.Raw.at;
import static unfold.backend.vector.Raw.f32;
import static unfold.backend.vector.Raw.offset;
import static unfold.backend.vector.Raw.spread;

import jdk.incubator.vector.FloatVector;

/// Steps of [Winograd] and [WinogradGrad], all in f32. Lengths are whole vectors, distances are in
/// bytes.
final class WinogradLoops {
  /// Bytes of two vectors.
  static final long PAIR = 8L * L;

  private WinogradLoops() {}

  /// y = Bᵀ·x, from six rows to six rows of `n` numbers.
  ///
  /// @param yPair from two vectors of a row of y to the next two
  static void input(long x, long xStep, long y, long yStep, int n, long yPair) {
    for (long i = 0; i < 4L * n; i += 4L * L) {
      long to = y + i / PAIR * yPair + i % PAIR;
      FloatVector x0 = f32(x + i);
      FloatVector x1 = f32(x + i + xStep);
      FloatVector x2 = f32(x + i + 2 * xStep);
      FloatVector x3 = f32(x + i + 3 * xStep);
      FloatVector x4 = f32(x + i + 4 * xStep);
      FloatVector x5 = f32(x + i + 5 * xStep);
      FloatVector four = FloatVector.broadcast(F, 4);
      FloatVector evens = x4.sub(x2.mul(four));
      FloatVector odds = x3.sub(x1.mul(four));
      FloatVector even = x4.sub(x2);
      FloatVector odd = x3.sub(x1).mul(2f);
      f32(to, x0.mul(four).sub(x2.mul(5f)).add(x4));
      f32(to + yStep, evens.add(odds));
      f32(to + 2 * yStep, evens.sub(odds));
      f32(to + 3 * yStep, even.add(odd));
      f32(to + 4 * yStep, even.sub(odd));
      f32(to + 5 * yStep, x1.mul(four).sub(x3.mul(5f)).add(x5));
    }
  }

  /// y = Aᵀ·x for kernels of so many rows, from six rows of `n` numbers to a tile's.
  static void output(int kernel, long x, long xStep, long y, long yStep, int n) {
    if (kernel == 3) {
      output3(x, xStep, y, yStep, n);
    } else {
      output5(x, xStep, y, yStep, n);
    }
  }

  /// y = A·x, from a tile's rows of `n` numbers to six.
  ///
  /// @param yPair from two vectors of a row of y to the next two
  static void slope(int kernel, long x, long xStep, long y, long yStep, int n, long yPair) {
    if (kernel == 3) {
      slope3(x, xStep, y, yStep, n, yPair);
    } else {
      slope5(x, xStep, y, yStep, n, yPair);
    }
  }

  /// y = Gᵀ·x, from six rows of `n` numbers to the kernel's.
  static void weights(int kernel, long x, long xStep, long y, long yStep, int n) {
    if (kernel == 3) {
      weights3(x, xStep, y, yStep, n);
    } else {
      weights5(x, xStep, y, yStep, n);
    }
  }

  /// y = G·x, from the kernel's rows of `n` numbers to six.
  static void expand(int kernel, long x, long xStep, long y, long yStep, int n) {
    if (kernel == 3) {
      expand3(x, xStep, y, yStep, n);
    } else {
      expand5(x, xStep, y, yStep, n);
    }
  }

  private static void output3(long x, long xStep, long y, long yStep, int n) {
    for (long i = 0; i < 4L * n; i += 4L * L) {
      FloatVector x1 = f32(x + i + xStep);
      FloatVector x2 = f32(x + i + 2 * xStep);
      FloatVector x3 = f32(x + i + 3 * xStep);
      FloatVector x4 = f32(x + i + 4 * xStep);
      FloatVector sum = x1.add(x2);
      FloatVector more = x3.add(x4);
      FloatVector difference = x1.sub(x2);
      FloatVector further = x3.sub(x4);
      f32(y + i, f32(x + i).add(sum).add(more));
      f32(y + i + yStep, difference.add(further.mul(2f)));
      f32(y + i + 2 * yStep, sum.add(more.mul(4f)));
      f32(y + i + 3 * yStep, difference.add(further.mul(8f)).add(f32(x + i + 5 * xStep)));
    }
  }

  private static void output5(long x, long xStep, long y, long yStep, int n) {
    for (long i = 0; i < 4L * n; i += 4L * L) {
      FloatVector x1 = f32(x + i + xStep);
      FloatVector x2 = f32(x + i + 2 * xStep);
      FloatVector x3 = f32(x + i + 3 * xStep);
      FloatVector x4 = f32(x + i + 4 * xStep);
      FloatVector further = x3.sub(x4).mul(2f);
      f32(y + i, f32(x + i).add(x1.add(x2)).add(x3.add(x4)));
      f32(y + i + yStep, x1.sub(x2).add(further).add(f32(x + i + 5 * xStep)));
    }
  }

  private static void slope3(long x, long xStep, long y, long yStep, int n, long yPair) {
    for (long i = 0; i < 4L * n; i += 4L * L) {
      long to = y + i / PAIR * yPair + i % PAIR;
      FloatVector x0 = f32(x + i);
      FloatVector x1 = f32(x + i + xStep);
      FloatVector x2 = f32(x + i + 2 * xStep);
      FloatVector x3 = f32(x + i + 3 * xStep);
      FloatVector even = x0.add(x2);
      FloatVector odd = x1.add(x3);
      FloatVector evens = x0.add(x2.mul(4f));
      FloatVector odds = x1.add(x3.mul(4f)).mul(2f);
      f32(to, x0);
      f32(to + yStep, even.add(odd));
      f32(to + 2 * yStep, even.sub(odd));
      f32(to + 3 * yStep, evens.add(odds));
      f32(to + 4 * yStep, evens.sub(odds));
      f32(to + 5 * yStep, x3);
    }
  }

  private static void slope5(long x, long xStep, long y, long yStep, int n, long yPair) {
    for (long i = 0; i < 4L * n; i += 4L * L) {
      long to = y + i / PAIR * yPair + i % PAIR;
      FloatVector x0 = f32(x + i);
      FloatVector x1 = f32(x + i + xStep);
      FloatVector twice = x1.add(x1);
      f32(to, x0);
      f32(to + yStep, x0.add(x1));
      f32(to + 2 * yStep, x0.sub(x1));
      f32(to + 3 * yStep, x0.add(twice));
      f32(to + 4 * yStep, x0.sub(twice));
      f32(to + 5 * yStep, x1);
    }
  }

  private static void weights3(long x, long xStep, long y, long yStep, int n) {
    for (long i = 0; i < 4L * n; i += 4L * L) {
      FloatVector x1 = f32(x + i + xStep);
      FloatVector x2 = f32(x + i + 2 * xStep);
      FloatVector x3 = f32(x + i + 3 * xStep);
      FloatVector x4 = f32(x + i + 4 * xStep);
      FloatVector more = x3.add(x4).mul(1 / 24f);
      FloatVector further = x3.sub(x4).mul(1 / 12f);
      FloatVector sum = x1.add(x2).mul(-1 / 6f);
      f32(y + i, f32(x + i).mul(1 / 4f).add(sum).add(more));
      f32(y + i + yStep, x2.sub(x1).mul(1 / 6f).add(further));
      f32(y + i + 2 * yStep, sum.add(more.mul(4f)).add(f32(x + i + 5 * xStep)));
    }
  }

  private static void weights5(long x, long xStep, long y, long yStep, int n) {
    for (long i = 0; i < 4L * n; i += 4L * L) {
      FloatVector x1 = f32(x + i + xStep);
      FloatVector x2 = f32(x + i + 2 * xStep);
      FloatVector x3 = f32(x + i + 3 * xStep);
      FloatVector x4 = f32(x + i + 4 * xStep);
      FloatVector more = x3.add(x4).mul(1 / 24f);
      FloatVector further = x3.sub(x4).mul(1 / 12f);
      FloatVector sum = x1.add(x2).mul(-1 / 6f);
      FloatVector difference = x2.sub(x1).mul(1 / 6f);
      f32(y + i, f32(x + i).mul(1 / 4f).add(sum).add(more));
      f32(y + i + yStep, difference.add(further));
      f32(y + i + 2 * yStep, sum.add(more.mul(4f)));
      f32(y + i + 3 * yStep, difference.add(further.mul(4f)));
      f32(y + i + 4 * yStep, sum.add(more.mul(16f)).add(f32(x + i + 5 * xStep)));
    }
  }

  private static void expand3(long x, long xStep, long y, long yStep, int n) {
    for (long i = 0; i < 4L * n; i += 4L * L) {
      FloatVector x0 = f32(x + i);
      FloatVector x1 = f32(x + i + xStep);
      FloatVector x2 = f32(x + i + 2 * xStep);
      FloatVector ends = x0.add(x2).mul(-1 / 6f);
      FloatVector middle = x1.mul(1 / 6f);
      FloatVector further = x0.mul(1 / 24f).add(x2.mul(1 / 6f));
      FloatVector half = x1.mul(1 / 12f);
      f32(y + i, x0.mul(1 / 4f));
      f32(y + i + yStep, ends.sub(middle));
      f32(y + i + 2 * yStep, ends.add(middle));
      f32(y + i + 3 * yStep, further.add(half));
      f32(y + i + 4 * yStep, further.sub(half));
      f32(y + i + 5 * yStep, x2);
    }
  }

  private static void expand5(long x, long xStep, long y, long yStep, int n) {
    for (long i = 0; i < 4L * n; i += 4L * L) {
      FloatVector x0 = f32(x + i);
      FloatVector x1 = f32(x + i + xStep);
      FloatVector x2 = f32(x + i + 2 * xStep);
      FloatVector x3 = f32(x + i + 3 * xStep);
      FloatVector x4 = f32(x + i + 4 * xStep);
      FloatVector even = x0.add(x2).add(x4).mul(-1 / 6f);
      FloatVector odd = x1.add(x3).mul(1 / 6f);
      FloatVector evens = x0.add(x2.mul(4f)).add(x4.mul(16f)).mul(1 / 24f);
      FloatVector odds = x1.add(x3.mul(4f)).mul(1 / 12f);
      f32(y + i, x0.mul(1 / 4f));
      f32(y + i + yStep, even.sub(odd));
      f32(y + i + 2 * yStep, even.add(odd));
      f32(y + i + 3 * yStep, evens.add(odds));
      f32(y + i + 4 * yStep, evens.sub(odds));
      f32(y + i + 5 * yStep, x4);
    }
  }

  /// Copies a square of numbers, two vectors wide and high, row after row.
  ///
  /// @param rowBytes from row to row of x
  /// @param stepBytes from number to number of a row of x
  static void block(long x, long rowBytes, long stepBytes, long y) {
    for (int r = 0; r < 2 * L; r++) {
      for (int i = 0; i < 2 * L; i++) {
        Raw.putF32(y + r * PAIR, i, Raw.getF32(x + r * rowBytes + i * stepBytes, 0));
      }
    }
  }

  /// Adds one row to each of `rows` rows of `n` numbers.
  static void add(long bias, long y, int n, int rows) {
    for (int r = 0; r < rows; r++) {
      for (long i = 0; i < 4L * n; i += 4L * L) {
        f32(y + i, f32(y + i).add(f32(bias + i)));
      }
      y += 4L * n;
    }
  }

  /// Two vectors of each row of a product: y = x·w.
  ///
  /// The loop over the terms is told by an address when to end: the compiler unrolls a loop that
  /// counts, loads what four rounds need before the first product, and has no registers left for
  /// the eight sums (Zen 3: 40 instead of 85 billion operations a second).
  ///
  /// @param rows a multiple of four
  /// @param w two vectors for each term, one after the other
  static void fourByTwo(long x, long xStep, int rows, long w, int terms, long y, long yStep) {
    long row = offset(xStep);
    long end = address(w + 8L * L * terms);
    for (int p = 0; p < rows; p += 4) {
      long x0 = address(x + p * xStep);
      FloatVector a0 = FloatVector.zero(F);
      FloatVector a1 = FloatVector.zero(F);
      FloatVector a2 = FloatVector.zero(F);
      FloatVector a3 = FloatVector.zero(F);
      FloatVector b0 = FloatVector.zero(F);
      FloatVector b1 = FloatVector.zero(F);
      FloatVector b2 = FloatVector.zero(F);
      FloatVector b3 = FloatVector.zero(F);
      for (long from = address(w); from != end; from = address(from + 8L * L)) {
        FloatVector u = at(from);
        FloatVector v = at(from + 4L * L);
        FloatVector z0 = spread(x0);
        a0 = u.fma(z0, a0);
        b0 = v.fma(z0, b0);
        FloatVector z1 = spread(x0 + row);
        a1 = u.fma(z1, a1);
        b1 = v.fma(z1, b1);
        FloatVector z2 = spread(x0 + 2 * row);
        a2 = u.fma(z2, a2);
        b2 = v.fma(z2, b2);
        FloatVector z3 = spread(x0 + 3 * row);
        a3 = u.fma(z3, a3);
        b3 = v.fma(z3, b3);
        x0 = address(x0 + 4);
      }
      long to = y + p * yStep;
      f32(to, a0);
      f32(to + 4L * L, b0);
      f32(to + yStep, a1);
      f32(to + yStep + 4L * L, b1);
      f32(to + 2 * yStep, a2);
      f32(to + 2 * yStep + 4L * L, b2);
      f32(to + 3 * yStep, a3);
      f32(to + 3 * yStep + 4L * L, b3);
    }
  }

  /// y += xᵀ·w for two vectors of columns of x and two of w, one row of each for each term.
  static void outer(long x, long w, int terms, long y, long yStep) {
    long end = address(w + PAIR * terms);
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
      for (long from = address(w); from != end; from = address(from + PAIR)) {
        FloatVector u = at(from);
        FloatVector v = at(from + 4L * L);
        FloatVector z0 = spread(x0);
        a0 = u.fma(z0, a0);
        b0 = v.fma(z0, b0);
        FloatVector z1 = spread(x0 + 4);
        a1 = u.fma(z1, a1);
        b1 = v.fma(z1, b1);
        FloatVector z2 = spread(x0 + 8);
        a2 = u.fma(z2, a2);
        b2 = v.fma(z2, b2);
        FloatVector z3 = spread(x0 + 12);
        a3 = u.fma(z3, a3);
        b3 = v.fma(z3, b3);
        x0 = address(x0 + PAIR);
      }
      f32(to, a0);
      f32(to + 4L * L, b0);
      f32(to + next, a1);
      f32(to + next + 4L * L, b1);
      f32(to + 2 * next, a2);
      f32(to + 2 * next + 4L * L, b2);
      f32(to + 3 * next, a3);
      f32(to + 3 * next + 4L * L, b3);
    }
  }
}
