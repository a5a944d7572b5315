package unfold.backend.vector;

import static unfold.backend.vector.Raw.F;
import static unfold.backend.vector.Raw.L;
import static unfold.backend.vector.Raw.clamp;
import static unfold.backend.vector.Raw.f32;
import static unfold.backend.vector.Raw.load;
import static unfold.backend.vector.Raw.store;

import jdk.incubator.vector.FloatVector;

/// Depthwise 3×3 convolution of one row, channels last, c a multiple of the vector length. Rows of
/// the operand are padded, so that every tap exists. Weights lie tap by tap in f32, `c` for each.
final class DepthwiseLoops {
  private DepthwiseLoops() {}

  /// Stride 1: y[q] = act(bias + Σ x[q + j]·w[j]), four columns at a time, which share what they
  /// load.
  static void four(
      boolean bf16,
      long above,
      long middle,
      long below,
      long w,
      long bias,
      int c,
      int width,
      long y,
      float low,
      float high) {
    for (int q = 0; q + 4 <= width; q += 4) {
      for (int j = 0; j < c; j += L) {
        long at = (long) q * c + j;
        FloatVector s0 = f32(bias + 4L * j);
        FloatVector s1 = s0;
        FloatVector s2 = s0;
        FloatVector s3 = s0;
        for (int r = 0; r < 3; r++) {
          long row = r == 0 ? above : r == 1 ? middle : below;
          long taps = w + 4L * (3L * r * c + j);
          FloatVector w0 = f32(taps);
          FloatVector w1 = f32(taps + 4L * c);
          FloatVector w2 = f32(taps + 8L * c);
          FloatVector x0 = load(bf16, row, at);
          FloatVector x1 = load(bf16, row, at + c);
          FloatVector x2 = load(bf16, row, at + 2L * c);
          FloatVector x3 = load(bf16, row, at + 3L * c);
          FloatVector x4 = load(bf16, row, at + 4L * c);
          FloatVector x5 = load(bf16, row, at + 5L * c);
          s0 = x2.fma(w2, x1.fma(w1, x0.fma(w0, s0)));
          s1 = x3.fma(w2, x2.fma(w1, x1.fma(w0, s1)));
          s2 = x4.fma(w2, x3.fma(w1, x2.fma(w0, s2)));
          s3 = x5.fma(w2, x4.fma(w1, x3.fma(w0, s3)));
        }
        FloatVector lowest = FloatVector.broadcast(F, low);
        FloatVector highest = FloatVector.broadcast(F, high);
        store(bf16, y, at, clamp(s0, lowest, highest));
        store(bf16, y, at + c, clamp(s1, lowest, highest));
        store(bf16, y, at + 2L * c, clamp(s2, lowest, highest));
        store(bf16, y, at + 3L * c, clamp(s3, lowest, highest));
      }
    }
  }

  /// Any stride, one column at a time, from column `first` on.
  static void one(
      boolean bf16,
      long above,
      long middle,
      long below,
      long w,
      long bias,
      int c,
      int first,
      int width,
      int stride,
      long y,
      float low,
      float high) {
    for (int q = first; q < width; q++) {
      for (int j = 0; j < c; j += L) {
        long at = (long) q * stride * c + j;
        FloatVector sum = f32(bias + 4L * j);
        for (int r = 0; r < 3; r++) {
          long row = r == 0 ? above : r == 1 ? middle : below;
          long taps = w + 4L * (3L * r * c + j);
          sum = load(bf16, row, at).fma(f32(taps), sum);
          sum = load(bf16, row, at + c).fma(f32(taps + 4L * c), sum);
          sum = load(bf16, row, at + 2L * c).fma(f32(taps + 8L * c), sum);
        }
        FloatVector lowest = FloatVector.broadcast(F, low);
        store(bf16, y, (long) q * c + j, clamp(sum, lowest, FloatVector.broadcast(F, high)));
      }
    }
  }

  /// Stride 2, two columns at a time.
  static void two(
      boolean bf16,
      long above,
      long middle,
      long below,
      long w,
      long bias,
      int c,
      int width,
      long y,
      float low,
      float high) {
    for (int q = 0; q + 2 <= width; q += 2) {
      for (int j = 0; j < c; j += L) {
        long at = 2L * q * c + j;
        FloatVector s0 = f32(bias + 4L * j);
        FloatVector s1 = s0;
        for (int r = 0; r < 3; r++) {
          long row = r == 0 ? above : r == 1 ? middle : below;
          long taps = w + 4L * (3L * r * c + j);
          FloatVector w0 = f32(taps);
          FloatVector w1 = f32(taps + 4L * c);
          FloatVector w2 = f32(taps + 8L * c);
          FloatVector x2 = load(bf16, row, at + 2L * c);
          s0 = load(bf16, row, at).fma(w0, s0);
          s0 = load(bf16, row, at + c).fma(w1, s0);
          s0 = x2.fma(w2, s0);
          s1 = x2.fma(w0, s1);
          s1 = load(bf16, row, at + 3L * c).fma(w1, s1);
          s1 = load(bf16, row, at + 4L * c).fma(w2, s1);
        }
        FloatVector lowest = FloatVector.broadcast(F, low);
        FloatVector highest = FloatVector.broadcast(F, high);
        store(bf16, y, (long) q * c + j, clamp(s0, lowest, highest));
        store(bf16, y, (long) (q + 1) * c + j, clamp(s1, lowest, highest));
      }
    }
  }

  /// The adjoint at stride 2 and padding 1, two columns of dx at a time: dx[2m] = dy[m]·w₁, dx[2m +
  /// 1] = dy[m]·w₂ + dy[m + 1]·w₀, added up over one or two rows of dy (`v` and `w` are their rows
  /// of weights). dy has a column of zeros behind it.
  static void spread(boolean bf16, long dy, long other, long v, long w, int c, int pairs, long dx) {
    for (int m = 0; m < pairs; m++) {
      for (int j = 0; j < c; j += L) {
        long at = (long) m * c + j;
        FloatVector g0 = load(bf16, dy, at);
        FloatVector g1 = load(bf16, dy, at + c);
        FloatVector h0 = load(bf16, other, at);
        FloatVector h1 = load(bf16, other, at + c);
        FloatVector left = g0.mul(f32(v + 4L * (c + j)));
        FloatVector right = g0.mul(f32(v + 4L * (2L * c + j)));
        left = h0.fma(f32(w + 4L * (c + j)), left);
        right = h0.fma(f32(w + 4L * (2L * c + j)), right);
        right = g1.fma(f32(v + 4L * j), right);
        right = h1.fma(f32(w + 4L * j), right);
        store(bf16, dx, 2L * m * c + j, left);
        store(bf16, dx, (2L * m + 1) * c + j, right);
      }
    }
  }

  /// The same for a single row of dy.
  static void spreadOne(boolean bf16, long dy, long v, int c, int pairs, long dx) {
    for (int m = 0; m < pairs; m++) {
      for (int j = 0; j < c; j += L) {
        long at = (long) m * c + j;
        FloatVector g0 = load(bf16, dy, at);
        FloatVector g1 = load(bf16, dy, at + c);
        FloatVector left = g0.mul(f32(v + 4L * (c + j)));
        FloatVector right = g0.mul(f32(v + 4L * (2L * c + j)));
        right = g1.fma(f32(v + 4L * j), right);
        store(bf16, dx, 2L * m * c + j, left);
        store(bf16, dx, (2L * m + 1) * c + j, right);
      }
    }
  }

  /// sums[tap] += Σ dy[q]·x[q + tap] along a row, stride 1.
  static void weightGrad(
      boolean bf16, long above, long middle, long below, long dy, int c, int width, long sums) {
    for (int j = 0; j < c; j += L) {
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
      FloatVector a0 = load(bf16, above, j);
      FloatVector a1 = load(bf16, above, c + j);
      FloatVector b0 = load(bf16, middle, j);
      FloatVector b1 = load(bf16, middle, c + j);
      FloatVector d0 = load(bf16, below, j);
      FloatVector d1 = load(bf16, below, c + j);
      for (int q = 0; q < width; q++) {
        long at = (long) q * c + j;
        FloatVector g = load(bf16, dy, at);
        FloatVector a2 = load(bf16, above, at + 2L * c);
        FloatVector b2 = load(bf16, middle, at + 2L * c);
        FloatVector d2 = load(bf16, below, at + 2L * c);
        s0 = g.fma(a0, s0);
        s1 = g.fma(a1, s1);
        s2 = g.fma(a2, s2);
        s3 = g.fma(b0, s3);
        s4 = g.fma(b1, s4);
        s5 = g.fma(b2, s5);
        s6 = g.fma(d0, s6);
        s7 = g.fma(d1, s7);
        s8 = g.fma(d2, s8);
        a0 = a1;
        a1 = a2;
        b0 = b1;
        b1 = b2;
        d0 = d1;
        d1 = d2;
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

  /// The same at any stride.
  static void weightGradStrided(
      boolean bf16,
      long above,
      long middle,
      long below,
      long dy,
      int c,
      int width,
      int stride,
      long sums) {
    for (int r = 0; r < 3; r++) {
      long row = r == 0 ? above : r == 1 ? middle : below;
      for (int j = 0; j < c; j += L) {
        long s = sums + 4L * (3L * r * c + j);
        FloatVector s0 = f32(s);
        FloatVector s1 = f32(s + 4L * c);
        FloatVector s2 = f32(s + 8L * c);
        for (int q = 0; q < width; q++) {
          long at = (long) q * stride * c + j;
          FloatVector g = load(bf16, dy, (long) q * c + j);
          s0 = g.fma(load(bf16, row, at), s0);
          s1 = g.fma(load(bf16, row, at + c), s1);
          s2 = g.fma(load(bf16, row, at + 2L * c), s2);
        }
        f32(s, s0);
        f32(s + 4L * c, s1);
        f32(s + 8L * c, s2);
      }
    }
  }
}
