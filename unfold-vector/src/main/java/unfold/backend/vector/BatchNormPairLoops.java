package unfold.backend.vector;

import static unfold.backend.vector.Raw.ADDRESSES;
import static unfold.backend.vector.Raw.ALL;
import static unfold.backend.vector.Raw.F;
import static unfold.backend.vector.Raw.L;
import static unfold.backend.vector.Raw.ORDER;
import static unfold.backend.vector.Raw.clamp;
import static unfold.backend.vector.Raw.f32;
import static unfold.backend.vector.Raw.i32;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;

/// The loops of [BatchNormLoops] where all tensors are bf16: two numbers in each lane of ints, so
/// that widening is a shift or a mask, and a load brings a whole vector's worth of both. Rows hold
/// a multiple of 2·L elements; tiles and sums lie as [Grid#place] says, the numbers with even
/// places of each 2·L before those with odd ones.
///
/// With so few digits in x it does no harm to multiply before subtracting: z = x·a + c with c = β −
/// μ·a, and Σg·(x − μ) = Σg·x − μ·Σg, wherever the mean is less than 2¹⁵ standard deviations from
/// 0. Tiles: μ, a, c, and for the gradient b and what is left.
final class BatchNormPairLoops {
  private static final int GROUP = BatchNormLoops.GROUP;

  private BatchNormPairLoops() {}

  /// s1 += Σ(x − shift) and s2 += Σ(x − shift)² down `groups` groups of 8 rows. Down columns is no
  /// order in which processors foresee memory: so a group is touched `ahead` bytes before its turn,
  /// in its own order, which gives twice the speed where it comes from far away.
  ///
  /// @param ahead the bytes of a group, or 0
  /// @return what was touched, so that it is
  static int sums(long x, int period, long groups, long ahead, long shift, long s1, long s2) {
    int seen = 0;
    for (long group = 0; group < groups; group++) {
      long from = x + 2 * group * GROUP * period;
      long next = from + (group + 1 < groups ? ahead : 0);
      for (int j = 0; j < period; j += 2 * L) {
        FloatVector evenShift = f32(shift + 4L * j);
        FloatVector oddShift = f32(shift + 4L * (j + L));
        FloatVector even = f32(s1 + 4L * j);
        FloatVector odd = f32(s1 + 4L * (j + L));
        FloatVector evenSquares = f32(s2 + 4L * j);
        FloatVector oddSquares = f32(s2 + 4L * (j + L));
        for (int k = 0; k < GROUP; k++) {
          seen ^= Raw.getI32(next, 0);
          next += 4L * L;
          IntVector pair = i32(from + 2L * ((long) k * period + j));
          FloatVector d = Pairs.even(pair).sub(evenShift);
          FloatVector e = Pairs.odd(pair).sub(oddShift);
          even = even.add(d);
          odd = odd.add(e);
          evenSquares = d.fma(d, evenSquares);
          oddSquares = e.fma(e, oddSquares);
        }
        f32(s1 + 4L * j, even);
        f32(s1 + 4L * (j + L), odd);
        f32(s2 + 4L * j, evenSquares);
        f32(s2 + 4L * (j + L), oddSquares);
      }
    }
    return seen;
  }

  /// The same for one row.
  static void sumsOfRow(long x, int period, long shift, long s1, long s2) {
    for (int j = 0; j < period; j += 2 * L) {
      IntVector pair = i32(x + 2L * j);
      FloatVector d = Pairs.even(pair).sub(f32(shift + 4L * j));
      FloatVector e = Pairs.odd(pair).sub(f32(shift + 4L * (j + L)));
      f32(s1 + 4L * j, f32(s1 + 4L * j).add(d));
      f32(s1 + 4L * (j + L), f32(s1 + 4L * (j + L)).add(e));
      f32(s2 + 4L * j, d.fma(d, f32(s2 + 4L * j)));
      f32(s2 + 4L * (j + L), e.fma(e, f32(s2 + 4L * (j + L))));
    }
  }

  /// y = act(x·a + c), n elements of each row.
  static void apply(
      long x, long y, int period, int n, long rows, long tile, float low, float high) {
    long scale = tile + 4L * period;
    long offset = tile + 8L * period;
    FloatVector lowest = FloatVector.broadcast(F, low);
    FloatVector highest = FloatVector.broadcast(F, high);
    for (long r = 0; r < rows; r++) {
      long at = 2 * r * period;
      for (int j = 0; j < n; j += 2 * L) {
        IntVector pair = i32(x + at + 2L * j);
        FloatVector even = Pairs.even(pair).fma(f32(scale + 4L * j), f32(offset + 4L * j));
        FloatVector odd =
            Pairs.odd(pair).fma(f32(scale + 4L * (j + L)), f32(offset + 4L * (j + L)));
        i32(y + at + 2L * j, Pairs.join(clamp(even, lowest, highest), clamp(odd, lowest, highest)));
      }
    }
  }

  /// y = act(x·a + c + addend).
  static void applyAdd(
      long x, long addend, long y, int period, int n, long rows, long tile, float low, float high) {
    long scale = tile + 4L * period;
    long offset = tile + 8L * period;
    FloatVector lowest = FloatVector.broadcast(F, low);
    FloatVector highest = FloatVector.broadcast(F, high);
    for (long r = 0; r < rows; r++) {
      long at = 2 * r * period;
      for (int j = 0; j < n; j += 2 * L) {
        IntVector pair = i32(x + at + 2L * j);
        IntVector more = i32(addend + at + 2L * j);
        FloatVector even =
            Pairs.even(pair).fma(f32(scale + 4L * j), f32(offset + 4L * j)).add(Pairs.even(more));
        FloatVector odd =
            Pairs.odd(pair)
                .fma(f32(scale + 4L * (j + L)), f32(offset + 4L * (j + L)))
                .add(Pairs.odd(more));
        i32(y + at + 2L * j, Pairs.join(clamp(even, lowest, highest), clamp(odd, lowest, highest)));
      }
    }
  }

  /// With g = dy where z = x·a + c lies inside the bounds, else 0: s1 += Σg and s2 += Σg·x, n
  /// elements of each row. Row by row, for two tensors are read: sums in memory cost less than the
  /// order of columns would.
  static void gradSums(
      long dy,
      long x,
      int period,
      int n,
      long rows,
      long tile,
      float low,
      float high,
      long s1,
      long s2) {
    long scale = tile + 4L * period;
    long offset = tile + 8L * period;
    FloatVector lowest = FloatVector.broadcast(F, low);
    FloatVector highest = FloatVector.broadcast(F, high);
    for (long r = 0; r < rows; r++) {
      long skip = 2 * r * period;
      for (int j = 0; j < n; j += 2 * L) {
        long at = skip + 2L * j;
        IntVector pair = i32(x + at);
        IntVector slopes = i32(dy + at);
        FloatVector u = Pairs.even(pair);
        FloatVector v = Pairs.odd(pair);
        FloatVector g =
            Lanes.masked(
                Pairs.even(slopes),
                u.fma(f32(scale + 4L * j), f32(offset + 4L * j)),
                lowest,
                highest);
        FloatVector h =
            Lanes.masked(
                Pairs.odd(slopes),
                v.fma(f32(scale + 4L * (j + L)), f32(offset + 4L * (j + L))),
                lowest,
                highest);
        f32(s1 + 4L * j, f32(s1 + 4L * j).add(g));
        f32(s1 + 4L * (j + L), f32(s1 + 4L * (j + L)).add(h));
        f32(s2 + 4L * j, g.fma(u, f32(s2 + 4L * j)));
        f32(s2 + 4L * (j + L), h.fma(v, f32(s2 + 4L * (j + L))));
      }
    }
  }

  /// dx = a·g + b·x + d, n elements of each row; the tiles of b and d are the fourth and fifth.
  static void gradApply(
      long dy, long x, long dx, int period, int n, long rows, long tile, float low, float high) {
    long scale = tile + 4L * period;
    long offset = tile + 8L * period;
    long slope = tile + 12L * period;
    long rest = tile + 16L * period;
    FloatVector lowest = FloatVector.broadcast(F, low);
    FloatVector highest = FloatVector.broadcast(F, high);
    for (long r = 0; r < rows; r++) {
      long skip = 2 * r * period;
      for (int j = 0; j < n; j += 2 * L) {
        long at = skip + 2L * j;
        IntVector pair = i32(x + at);
        IntVector slopes = i32(dy + at);
        FloatVector u = Pairs.even(pair);
        FloatVector v = Pairs.odd(pair);
        FloatVector a = f32(scale + 4L * j);
        FloatVector b = f32(scale + 4L * (j + L));
        FloatVector g =
            Lanes.masked(Pairs.even(slopes), u.fma(a, f32(offset + 4L * j)), lowest, highest);
        FloatVector h =
            Lanes.masked(Pairs.odd(slopes), v.fma(b, f32(offset + 4L * (j + L))), lowest, highest);
        FloatVector even = g.fma(a, u.fma(f32(slope + 4L * j), f32(rest + 4L * j)));
        FloatVector odd = h.fma(b, v.fma(f32(slope + 4L * (j + L)), f32(rest + 4L * (j + L))));
        Pairs.join(even, odd).intoMemorySegment(ALL, (dx + at) & ADDRESSES, ORDER);
      }
    }
  }
}
