package unfold.backend.vector;

import static unfold.backend.vector.Raw.F;
import static unfold.backend.vector.Raw.L;
import static unfold.backend.vector.Raw.address;
import static unfold.backend.vector.Raw.at;
import static unfold.backend.vector.Raw.f32;
import static unfold.backend.vector.Raw.offset;
import static unfold.backend.vector.Raw.put;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorShuffle;

/// Steps of [NarrowConv], all in f32.
final class NarrowConvLoops {
  /// Groups and rows that [#tile] computes at once: nine sums, enough that none is waited for.
  static final int GROUPS = 3;

  static final int ROWS = 3;

  private NarrowConvLoops() {}

  /// Rows of n numbers, each repeated so many times, with zeros behind up to a whole vector.
  ///
  /// @param times a divisor of L
  /// @param wanted for lane i i/times
  static void repeat(
      long x, int n, int times, VectorShuffle<Float> wanted, long to, long toBytes, int rows) {
    int step = L / times;
    for (int r = 0; r < rows; r++) {
      long from = x + 4L * r * n;
      long row = to + r * toBytes;
      for (int i = 0; i < n; i += step) {
        FloatVector v = f32(from + 4L * i).rearrange(wanted);
        f32(
            row + 4L * i * times,
            FloatVector.zero(F).blend(v, F.indexInRange(i * times, n * times)));
      }
    }
  }

  /// y = bias + Σ w·x over the taps: a vector of three groups of three rows.
  ///
  /// @param places where each tap finds what belongs to the first vector, in bytes from x
  /// @param xBytes from what a row of the result reads to what the next one does
  /// @param w for each tap a vector for each group; biases are behind the last
  /// @param yBytes from row to row of a group
  /// @param planeBytes from group to group
  static void tile(
      long x, long[] places, long xBytes, long w, long y, long yBytes, long planeBytes) {
    int t = 0;
    long step = offset(xBytes);
    long end = address(w + 12L * L * places.length);
    FloatVector a0 = at(end);
    FloatVector b0 = at(end + 4L * L);
    FloatVector c0 = at(end + 8L * L);
    FloatVector a1 = a0;
    FloatVector b1 = b0;
    FloatVector c1 = c0;
    FloatVector a2 = a0;
    FloatVector b2 = b0;
    FloatVector c2 = c0;
    for (long p = address(w); p != end; p = address(p + 12L * L)) {
      long from = address(x + places[t++]);
      FloatVector u = at(p);
      FloatVector v = at(p + 4L * L);
      FloatVector z = at(p + 8L * L);
      FloatVector x0 = at(from);
      a0 = u.fma(x0, a0);
      b0 = v.fma(x0, b0);
      c0 = z.fma(x0, c0);
      x0 = at(from + step);
      a1 = u.fma(x0, a1);
      b1 = v.fma(x0, b1);
      c1 = z.fma(x0, c1);
      x0 = at(from + 2 * step);
      a2 = u.fma(x0, a2);
      b2 = v.fma(x0, b2);
      c2 = z.fma(x0, c2);
    }
    long s = offset(yBytes);
    long to = address(y);
    put(to, a0);
    put(to + s, a1);
    put(to + 2 * s, a2);
    to = address(to + planeBytes);
    put(to, b0);
    put(to + s, b1);
    put(to + 2 * s, b2);
    to = address(to + planeBytes);
    put(to, c0);
    put(to + s, c1);
    put(to + 2 * s, c2);
  }

  /// One vector of each row, channels innermost, as far as its lanes are of three groups: lane i is
  /// of group `ids[i]` and stands `wanted[i]` elements behind x in that group's plane.
  ///
  /// @param first of the groups, whose plane is at x
  static void weave(
      long x,
      long rowBytes,
      long planeBytes,
      VectorShuffle<Float> wanted,
      long ids,
      int first,
      long y,
      long yBytes,
      int rows) {
    VectorMask<Float> a = Raw.i32(ids).eq(first).cast(F);
    VectorMask<Float> b = Raw.i32(ids).eq(first + 1).cast(F);
    VectorMask<Float> c = Raw.i32(ids).eq(first + 2).cast(F);
    long plane = offset(planeBytes);
    for (int r = 0; r < rows; r++) {
      long from = address(x + r * rowBytes);
      long to = address(y + r * yBytes);
      FloatVector v = at(to).blend(at(from).rearrange(wanted), a);
      v = v.blend(at(from + plane).rearrange(wanted), b);
      put(to, v.blend(at(from + 2 * plane).rearrange(wanted), c));
    }
  }
}
