package unfold.backend.vector;

import static unfold.backend.vector.Raw.F;
import static unfold.backend.vector.Raw.L;
import static unfold.backend.vector.Raw.address;
import static unfold.backend.vector.Raw.at;
import static unfold.backend.vector.Raw.clamp;
import static unfold.backend.vector.Raw.f32;
import static unfold.backend.vector.Raw.offset;
import static unfold.backend.vector.Raw.put;
import static unfold.backend.vector.Raw.shift;
import static unfold.backend.vector.Raw.store;

import jdk.incubator.vector.FloatVector;

/// Depthwise 3×3 convolution of one row, in f32 and in blocks of L channels ([BlockedRows]): nine
/// weights, or nine sums, stay in registers while a loop goes along the columns of a block. Rows of
/// the operand are padded, so that every tap exists. Weights lie tap by tap, `c` for each.
final class DepthwiseLoops {
  /// Bytes from one column of a block to the next.
  private static final long COLUMN = 4L * L;

  /// Fewer blocks than this make a loop that is hardly worth its beginning and end.
  private static final int FEW = 8;

  private DepthwiseLoops() {}

  /// A row of pictures, channels last, into blocks. The longer loop is inside.
  static void gather(boolean bf16, long x, int c, int width, long to, long block) {
    long vector = (long) L << shift(bf16);
    long pixel = (long) c << shift(bf16);
    if (c / L < FEW) {
      widen(bf16, x, vector, pixel, to, block, COLUMN, c / L, width);
    } else {
      widen(bf16, x, pixel, vector, to, COLUMN, block, width, c / L);
    }
  }

  private static void widen(
      boolean bf16,
      long x,
      long xOuter,
      long xInner,
      long y,
      long yOuter,
      long yInner,
      int outer,
      int inner) {
    long xStep = offset(xInner);
    long yStep = offset(yInner);
    for (int i = 0; i < outer; i++) {
      long from = address(x + i * xOuter);
      long to = address(y + i * yOuter);
      long o = 0;
      long p = 0;
      for (int j = 0; j < inner; j++) {
        put(to + p, at(bf16, from + o));
        o = offset(o + xStep);
        p = offset(p + yStep);
      }
    }
  }

  /// And back.
  static void scatter(boolean bf16, long x, long block, int c, int width, long y) {
    long vector = (long) L << shift(bf16);
    long pixel = (long) c << shift(bf16);
    if (c / L < FEW) {
      narrow(bf16, x, block, COLUMN, y, vector, pixel, c / L, width);
    } else {
      narrow(bf16, x, COLUMN, block, y, pixel, vector, width, c / L);
    }
  }

  private static void narrow(
      boolean bf16,
      long x,
      long xOuter,
      long xInner,
      long y,
      long yOuter,
      long yInner,
      int outer,
      int inner) {
    long step = offset(xInner);
    for (int i = 0; i < outer; i++) {
      long from = address(x + i * xOuter);
      long to = y + i * yOuter;
      long o = 0;
      for (int j = 0; j < inner; j++) {
        store(bf16, to + j * yInner, 0, at(from + o));
        o = offset(o + step);
      }
    }
  }

  /// And back, kept between two bounds.
  static void scatter(
      boolean bf16, long from, long block, int c, int width, long y, float low, float high) {
    for (int q = 0; q < width; q++) {
      long column = address(from + q * COLUMN);
      long p = 0;
      for (int j = 0; j < c; j += L) {
        FloatVector lowest = FloatVector.broadcast(F, low);
        FloatVector highest = FloatVector.broadcast(F, high);
        store(bf16, y, (long) q * c + j, clamp(at(column + p), lowest, highest));
        p = offset(p + block);
      }
    }
  }

  /// y[q] = bias + Σ x[q·stride + tap]·w[tap].
  ///
  /// @param block from one block of x to the next
  /// @param yBlock and of y
  static void convolve(
      long above,
      long middle,
      long below,
      long block,
      long w,
      long bias,
      int c,
      int width,
      int stride,
      long y,
      long yBlock) {
    long step = offset(stride * COLUMN);
    long end = offset(width * COLUMN);
    for (int j = 0; j < c; j += L) {
      long at = j / L * block;
      long a = address(above + at);
      long b = address(middle + at);
      long d = address(below + at);
      long to = address(y + j / L * yBlock);
      long taps = w + 4L * j;
      FloatVector w0 = f32(taps);
      FloatVector w1 = f32(taps + 4L * c);
      FloatVector w2 = f32(taps + 8L * c);
      FloatVector w3 = f32(taps + 12L * c);
      FloatVector w4 = f32(taps + 16L * c);
      FloatVector w5 = f32(taps + 20L * c);
      FloatVector w6 = f32(taps + 24L * c);
      FloatVector w7 = f32(taps + 28L * c);
      FloatVector w8 = f32(taps + 32L * c);
      FloatVector shift = f32(bias + 4L * j);
      long o = 0;
      for (long p = 0; p != end; p = offset(p + COLUMN)) {
        FloatVector sum = w0.fma(at(a + o), shift);
        sum = w1.fma(at(a + o + COLUMN), sum);
        sum = w2.fma(at(a + o + 2 * COLUMN), sum);
        sum = w3.fma(at(b + o), sum);
        sum = w4.fma(at(b + o + COLUMN), sum);
        sum = w5.fma(at(b + o + 2 * COLUMN), sum);
        sum = w6.fma(at(d + o), sum);
        sum = w7.fma(at(d + o + COLUMN), sum);
        sum = w8.fma(at(d + o + 2 * COLUMN), sum);
        put(to + p, sum);
        o = offset(o + step);
      }
    }
  }

  /// The same at stride 1. Each x is loaded once and added to the three y that it belongs to; a row
  /// of y has [Slide#LEAD] more columns in front, for what ends before it begins.
  static void slide(
      long above,
      long middle,
      long below,
      long block,
      long w,
      long bias,
      int c,
      int width,
      long y,
      long yBlock) {
    long end = offset((Slide.LEAD + width) * COLUMN);
    for (int j = 0; j < c; j += L) {
      long at = j / L * block;
      long a = address(above + at);
      long b = address(middle + at);
      long d = address(below + at);
      long to = address(y + j / L * yBlock);
      long taps = w + 4L * j;
      FloatVector w0 = f32(taps);
      FloatVector w1 = f32(taps + 4L * c);
      FloatVector w2 = f32(taps + 8L * c);
      FloatVector w3 = f32(taps + 12L * c);
      FloatVector w4 = f32(taps + 16L * c);
      FloatVector w5 = f32(taps + 20L * c);
      FloatVector w6 = f32(taps + 24L * c);
      FloatVector w7 = f32(taps + 28L * c);
      FloatVector w8 = f32(taps + 32L * c);
      long first = address(bias + 4L * j);
      FloatVector next = at(first);
      FloatVector last = next;
      for (long o = 0; o != end; o = offset(o + COLUMN)) {
        FloatVector x = at(a + o);
        last = w2.fma(x, last);
        FloatVector later = w1.fma(x, next);
        next = w0.fma(x, at(first));
        x = at(b + o);
        last = w5.fma(x, last);
        later = w4.fma(x, later);
        next = w3.fma(x, next);
        x = at(d + o);
        put(to + o, w8.fma(x, last));
        last = w7.fma(x, later);
        next = w6.fma(x, next);
      }
    }
  }

  /// The adjoint at stride 2 and padding 1, two columns of dx at a time: dx[2m] = dy[m]·w₁, dx[2m +
  /// 1] = dy[m]·w₂ + dy[m + 1]·w₀, added up over two rows of dy (`v` and `w` are their rows of
  /// weights). dy has a column of zeros behind it.
  static void spread(
      long dy, long other, long block, long v, long w, int c, int pairs, long dx, long dxBlock) {
    long end = offset(pairs * COLUMN);
    for (int j = 0; j < c; j += L) {
      long g = address(dy + j / L * block);
      long h = address(other + j / L * block);
      long to = address(dx + j / L * dxBlock);
      FloatVector v0 = f32(v + 4L * j);
      FloatVector v1 = f32(v + 4L * j + 4L * c);
      FloatVector v2 = f32(v + 4L * j + 8L * c);
      FloatVector w0 = f32(w + 4L * j);
      FloatVector w1 = f32(w + 4L * j + 4L * c);
      FloatVector w2 = f32(w + 4L * j + 8L * c);
      long p = 0;
      for (long o = 0; o != end; o = offset(o + COLUMN)) {
        FloatVector g0 = at(g + o);
        FloatVector h0 = at(h + o);
        put(to + p, w1.fma(h0, v1.mul(g0)));
        FloatVector right = w2.fma(h0, v2.mul(g0));
        right = v0.fma(at(g + o + COLUMN), right);
        put(to + p + COLUMN, w0.fma(at(h + o + COLUMN), right));
        p = offset(p + 2 * COLUMN);
      }
    }
  }

  /// sums[tap] += Σ dy[q]·x[q + tap] along a row of at least two columns, but for the first two and
  /// the last two x, of which [#weightGradEdges] takes care. Each x is loaded once and meets the
  /// three dy that are kept for it.
  ///
  /// @param block from one block of x to the next
  /// @param dyBlock and of dy
  static void weightGrad(
      long above,
      long middle,
      long below,
      long block,
      long dy,
      long dyBlock,
      int c,
      int width,
      long sums) {
    long end = offset(width * COLUMN);
    for (int j = 0; j < c; j += L) {
      long at = j / L * block;
      long a = address(above + at);
      long b = address(middle + at);
      long d = address(below + at);
      long g = address(dy + j / L * dyBlock);
      long s = sums + 4L * j;
      FloatVector s0 = f32(s);
      FloatVector s1 = f32(s + 4L * c);
      FloatVector s2 = f32(s + 8L * c);
      FloatVector s3 = f32(s + 12L * c);
      FloatVector s4 = f32(s + 16L * c);
      FloatVector s5 = f32(s + 20L * c);
      FloatVector s6 = f32(s + 24L * c);
      FloatVector s7 = f32(s + 28L * c);
      FloatVector s8 = f32(s + 32L * c);
      FloatVector g2 = at(g);
      FloatVector g1 = at(g + COLUMN);
      for (long o = 2 * COLUMN; o != end; o = offset(o + COLUMN)) {
        FloatVector g0 = at(g + o);
        FloatVector x = at(a + o);
        s0 = g0.fma(x, s0);
        s1 = g1.fma(x, s1);
        s2 = g2.fma(x, s2);
        FloatVector y = at(b + o);
        s3 = g0.fma(y, s3);
        s4 = g1.fma(y, s4);
        s5 = g2.fma(y, s5);
        FloatVector z = at(d + o);
        s6 = g0.fma(z, s6);
        s7 = g1.fma(z, s7);
        s8 = g2.fma(z, s8);
        g2 = g1;
        g1 = g0;
      }
      f32(s, s0);
      f32(s + 4L * c, s1);
      f32(s + 8L * c, s2);
      f32(s + 12L * c, s3);
      f32(s + 16L * c, s4);
      f32(s + 20L * c, s5);
      f32(s + 24L * c, s6);
      f32(s + 28L * c, s7);
      f32(s + 32L * c, s8);
    }
  }

  /// What [#weightGrad] leaves out, for one row of x and its three sums.
  static void weightGradEdges(
      long row, long block, long dy, long dyBlock, int c, int width, long sums) {
    for (int j = 0; j < c; j += L) {
      long x = address(row + j / L * block);
      long g = address(dy + j / L * dyBlock);
      long s = sums + 4L * j;
      long end = offset(width * COLUMN);
      FloatVector g0 = at(g);
      FloatVector g1 = at(g + end - COLUMN);
      FloatVector x0 = at(x + COLUMN);
      FloatVector x1 = at(x + end);
      f32(s, at(g + COLUMN).fma(x0, g0.fma(at(x), f32(s))));
      f32(s + 4L * c, g1.fma(x1, g0.fma(x0, f32(s + 4L * c))));
      FloatVector sum = at(g + end - 2 * COLUMN).fma(x1, f32(s + 8L * c));
      f32(s + 8L * c, g1.fma(at(x + end + COLUMN), sum));
    }
  }

  /// sums[tap] += Σ dy[q]·x[q·stride + tap] along a row of any length.
  static void weightGradStrided(
      long above,
      long middle,
      long below,
      long block,
      long dy,
      long dyBlock,
      int c,
      int width,
      int stride,
      long sums) {
    long step = offset(stride * COLUMN);
    long end = offset(width * COLUMN);
    for (int j = 0; j < c; j += L) {
      long at = j / L * block;
      long a = address(above + at);
      long b = address(middle + at);
      long d = address(below + at);
      long g = address(dy + j / L * dyBlock);
      long s = sums + 4L * j;
      FloatVector s0 = f32(s);
      FloatVector s1 = f32(s + 4L * c);
      FloatVector s2 = f32(s + 8L * c);
      FloatVector s3 = f32(s + 12L * c);
      FloatVector s4 = f32(s + 16L * c);
      FloatVector s5 = f32(s + 20L * c);
      FloatVector s6 = f32(s + 24L * c);
      FloatVector s7 = f32(s + 28L * c);
      FloatVector s8 = f32(s + 32L * c);
      long o = 0;
      for (long p = 0; p != end; p = offset(p + COLUMN)) {
        FloatVector v = at(g + p);
        s0 = v.fma(at(a + o), s0);
        s1 = v.fma(at(a + o + COLUMN), s1);
        s2 = v.fma(at(a + o + 2 * COLUMN), s2);
        s3 = v.fma(at(b + o), s3);
        s4 = v.fma(at(b + o + COLUMN), s4);
        s5 = v.fma(at(b + o + 2 * COLUMN), s5);
        s6 = v.fma(at(d + o), s6);
        s7 = v.fma(at(d + o + COLUMN), s7);
        s8 = v.fma(at(d + o + 2 * COLUMN), s8);
        o = offset(o + step);
      }
      f32(s, s0);
      f32(s + 4L * c, s1);
      f32(s + 8L * c, s2);
      f32(s + 12L * c, s3);
      f32(s + 16L * c, s4);
      f32(s + 20L * c, s5);
      f32(s + 24L * c, s6);
      f32(s + 28L * c, s7);
      f32(s + 32L * c, s8);
    }
  }
}
