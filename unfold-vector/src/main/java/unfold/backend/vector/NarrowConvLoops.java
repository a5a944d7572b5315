package unfold.backend.vector;

import static unfold.backend.vector.Raw.F;
import static unfold.backend.vector.Raw.L;
import static unfold.backend.vector.Raw.address;
import static unfold.backend.vector.Raw.at;
import static unfold.backend.vector.Raw.f32;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorShuffle;

/// Steps of [NarrowConv], all in f32.
final class NarrowConvLoops {
  /// Channels and rows that [#tile] computes at once: twelve sums, enough that none is waited for.
  static final int CHANNELS = 3;

  static final int ROWS = 4;

  private NarrowConvLoops() {}

  /// Rows of n elements, each with zeros behind it up to a whole vector.
  static void pad(long x, int n, long to, long toBytes, int rows) {
    for (int r = 0; r < rows; r++) {
      long from = x + 4L * r * n;
      long row = to + r * toBytes;
      for (int i = 0; i < n; i += L) {
        f32(row + 4L * i, FloatVector.zero(F).blend(f32(from + 4L * i), F.indexInRange(i, n)));
      }
    }
  }

  /// y = bias + Σ w·x over the taps: L pixels of three channels of four rows.
  ///
  /// @param places where each tap finds the first pixel, in bytes from x
  /// @param xBytes from what a row of the result reads to what the next one does
  /// @param w for each tap one number for each of the channels; biases are behind the last
  /// @param yBytes from row to row of a channel
  /// @param planeBytes from channel to channel
  static void tile(
      long x, long[] places, long xBytes, long w, long y, long yBytes, long planeBytes) {
    int taps = places.length;
    long step = Raw.offset(xBytes);
    long bias = w + 4L * CHANNELS * taps;
    FloatVector a0 = FloatVector.broadcast(F, Raw.getF32(bias, 0));
    FloatVector b0 = FloatVector.broadcast(F, Raw.getF32(bias, 1));
    FloatVector c0 = FloatVector.broadcast(F, Raw.getF32(bias, 2));
    FloatVector a1 = a0;
    FloatVector b1 = b0;
    FloatVector c1 = c0;
    FloatVector a2 = a0;
    FloatVector b2 = b0;
    FloatVector c2 = c0;
    FloatVector a3 = a0;
    FloatVector b3 = b0;
    FloatVector c3 = c0;
    for (int t = 0; t < taps; t++) {
      long from = address(x + places[t]);
      FloatVector u = FloatVector.broadcast(F, Raw.getF32(w, (long) CHANNELS * t));
      FloatVector v = FloatVector.broadcast(F, Raw.getF32(w, (long) CHANNELS * t + 1));
      FloatVector z = FloatVector.broadcast(F, Raw.getF32(w, (long) CHANNELS * t + 2));
      FloatVector x0 = at(from);
      a0 = u.fma(x0, a0);
      b0 = v.fma(x0, b0);
      c0 = z.fma(x0, c0);
      FloatVector x1 = at(from + step);
      a1 = u.fma(x1, a1);
      b1 = v.fma(x1, b1);
      c1 = z.fma(x1, c1);
      FloatVector x2 = at(from + 2 * step);
      a2 = u.fma(x2, a2);
      b2 = v.fma(x2, b2);
      c2 = z.fma(x2, c2);
      FloatVector x3 = at(from + 3 * step);
      a3 = u.fma(x3, a3);
      b3 = v.fma(x3, b3);
      c3 = z.fma(x3, c3);
    }
    f32(y, a0);
    f32(y + yBytes, a1);
    f32(y + 2 * yBytes, a2);
    f32(y + 3 * yBytes, a3);
    long next = y + planeBytes;
    f32(next, b0);
    f32(next + yBytes, b1);
    f32(next + 2 * yBytes, b2);
    f32(next + 3 * yBytes, b3);
    next += planeBytes;
    f32(next, c0);
    f32(next + yBytes, c1);
    f32(next + 2 * yBytes, c2);
    f32(next + 3 * yBytes, c3);
  }

  /// One vector of each row, channels innermost: lane i is of channel `ids[i]` and stands
  /// `wanted[i]` elements behind x in that channel's plane.
  static void weave(
      long x,
      long rowBytes,
      long planeBytes,
      int channels,
      VectorShuffle<Float> wanted,
      long ids,
      long y,
      long yBytes,
      int rows) {
    IntVector channel = Raw.i32(ids);
    for (int r = 0; r < rows; r++) {
      long from = x + r * rowBytes;
      FloatVector v = f32(from).rearrange(wanted);
      for (int c = 1; c < channels; c++) {
        v = v.blend(f32(from + c * planeBytes).rearrange(wanted), channel.eq(c).cast(F));
      }
      f32(y + r * yBytes, v);
    }
  }
}
