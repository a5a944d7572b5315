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

  private DepthwiseLoops() {}

  /// A row of pictures, channels last, into blocks.
  static void gather(boolean bf16, long x, int c, int width, long to, long block) {
    long step = (long) L << shift(bf16);
    for (int q = 0; q < width; q++) {
      long from = address(x + ((long) q * c << shift(bf16)));
      long column = address(to + q * COLUMN);
      long o = 0;
      long p = 0;
      for (int j = 0; j < c; j += L) {
        put(column + p, at(bf16, from + o));
        o = offset(o + step);
        p = offset(p + block);
      }
    }
  }

  /// And back.
  static void scatter(boolean bf16, long from, long block, int c, int width, long y) {
    for (int q = 0; q < width; q++) {
      long column = address(from + q * COLUMN);
      long p = 0;
      for (int j = 0; j < c; j += L) {
        store(bf16, y, (long) q * c + j, at(column + p));
        p = offset(p + block);
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
      long p = 0;
      for (int q = 0; q < width; q++) {
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
        p = offset(p + COLUMN);
      }
    }
  }

  /// The same at stride 1, four columns at a time, which share what they load. The last group
  /// begins where it ends with the row, whatever it has in common with the one before.
  static void four(
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
    long row = offset(12L * c);
    long tap = offset(4L * c);
    for (int j = 0; j < c; j += L) {
      long at = j / L * block;
      long to = address(y + j / L * yBlock);
      long taps = address(w + 4L * j);
      for (int q = 0; q < width; q += 4) {
        long o = offset(Math.min(q, width - 4) * COLUMN);
        FloatVector s0 = f32(bias + 4L * j);
        FloatVector s1 = s0;
        FloatVector s2 = s0;
        FloatVector s3 = s0;
        long v = taps;
        for (int r = 0; r < 3; r++) {
          long x = address((r == 0 ? above : r == 1 ? middle : below) + at + o);
          FloatVector w0 = at(v);
          FloatVector w1 = at(v + tap);
          FloatVector w2 = at(v + 2 * tap);
          FloatVector x0 = at(x);
          s0 = w0.fma(x0, s0);
          FloatVector x1 = at(x + COLUMN);
          s0 = w1.fma(x1, s0);
          s1 = w0.fma(x1, s1);
          FloatVector x2 = at(x + 2 * COLUMN);
          s0 = w2.fma(x2, s0);
          s1 = w1.fma(x2, s1);
          s2 = w0.fma(x2, s2);
          FloatVector x3 = at(x + 3 * COLUMN);
          s1 = w2.fma(x3, s1);
          s2 = w1.fma(x3, s2);
          s3 = w0.fma(x3, s3);
          FloatVector x4 = at(x + 4 * COLUMN);
          s2 = w2.fma(x4, s2);
          s3 = w1.fma(x4, s3);
          FloatVector x5 = at(x + 5 * COLUMN);
          s3 = w2.fma(x5, s3);
          v = address(v + row);
        }
        put(to + o, s0);
        put(to + o + COLUMN, s1);
        put(to + o + 2 * COLUMN, s2);
        put(to + o + 3 * COLUMN, s3);
      }
    }
  }

  /// The adjoint at stride 2 and padding 1, two columns of dx at a time: dx[2m] = dy[m]·w₁, dx[2m +
  /// 1] = dy[m]·w₂ + dy[m + 1]·w₀, added up over two rows of dy (`v` and `w` are their rows of
  /// weights). dy has a column of zeros behind it.
  static void spread(
      long dy, long other, long block, long v, long w, int c, int pairs, long dx, long dxBlock) {
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
      long o = 0;
      long p = 0;
      for (int m = 0; m < pairs; m++) {
        FloatVector g0 = at(g + o);
        FloatVector h0 = at(h + o);
        put(to + p, w1.fma(h0, v1.mul(g0)));
        FloatVector right = w2.fma(h0, v2.mul(g0));
        right = v0.fma(at(g + o + COLUMN), right);
        put(to + p + COLUMN, w0.fma(at(h + o + COLUMN), right));
        o = offset(o + COLUMN);
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
      for (int q = 2; q < width; q++) {
        long o = offset(q * COLUMN);
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

  /// The same at any stride, and for rows of any length.
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
      long p = 0;
      for (int q = 0; q < width; q++) {
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
        p = offset(p + COLUMN);
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
