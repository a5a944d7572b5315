package unfold.backend.vector;

import static unfold.backend.vector.Raw.F;
import static unfold.backend.vector.Raw.L;
import static unfold.backend.vector.Raw.clamp;
import static unfold.backend.vector.Raw.f32;
import static unfold.backend.vector.Raw.load;
import static unfold.backend.vector.Raw.store;

import jdk.incubator.vector.FloatVector;

/// The loops of batch normalisation over rows of a [Grid]. Tiles hold one f32 for each element of a
/// row. An activation is a pair of bounds on z; NaN stands for no bound.
final class BatchNormLoops {
  /// Rows that are summed before the sums go back to memory.
  static final int GROUP = 8;

  private BatchNormLoops() {}

  /// s1 += Σ(x − shift) and s2 += Σ(x − shift)² down `groups` groups of 8 rows.
  static void sums(boolean bf16, long x, int period, long groups, long shift, long s1, long s2) {
    for (long g = 0; g < groups; g++) {
      long group = x + (g * GROUP * period << Raw.shift(bf16));
      for (int j = 0; j < period; j += L) {
        FloatVector c = f32(shift + 4L * j);
        FloatVector sum = f32(s1 + 4L * j);
        FloatVector square = f32(s2 + 4L * j);
        for (int r = 0; r < GROUP; r++) {
          FloatVector d = load(bf16, group, (long) r * period + j).sub(c);
          sum = sum.add(d);
          square = d.fma(d, square);
        }
        f32(s1 + 4L * j, sum);
        f32(s2 + 4L * j, square);
      }
    }
  }

  /// The same for one row, `n` elements of it.
  static void sumsOfRow(boolean bf16, long x, int n, long shift, long s1, long s2) {
    for (int j = 0; j < n; j += L) {
      FloatVector d = load(bf16, x, j).sub(f32(shift + 4L * j));
      f32(s1 + 4L * j, f32(s1 + 4L * j).add(d));
      f32(s2 + 4L * j, d.fma(d, f32(s2 + 4L * j)));
    }
  }

  /// y = act((x − μ)·a + β), as bf16 if `toBf16`, n elements of each row; the tiles of μ, a and β
  /// follow each other.
  static void apply(
      boolean bf16,
      boolean toBf16,
      long x,
      long y,
      int period,
      int n,
      long rows,
      long tile,
      float low,
      float high) {
    for (long r = 0; r < rows; r++) {
      long at = r * period << Raw.shift(bf16);
      long scale = tile + 4L * period;
      long shift = tile + 8L * period;
      for (int j = 0; j < n; j += L) {
        FloatVector z =
            load(bf16, x + at, j)
                .sub(f32(tile + 4L * j))
                .fma(f32(scale + 4L * j), f32(shift + 4L * j));
        store(
            toBf16,
            y + (r * period << Raw.shift(toBf16)),
            j,
            clamp(z, FloatVector.broadcast(F, low), FloatVector.broadcast(F, high)));
      }
    }
  }

  /// y = act((x − μ)·a + β + addend).
  static void applyAdd(
      boolean bf16,
      boolean toBf16,
      long x,
      long addend,
      long y,
      int period,
      int n,
      long rows,
      long tile,
      float low,
      float high) {
    for (long r = 0; r < rows; r++) {
      long at = r * period << Raw.shift(bf16);
      long scale = tile + 4L * period;
      long shift = tile + 8L * period;
      for (int j = 0; j < n; j += L) {
        FloatVector z =
            load(bf16, x + at, j)
                .sub(f32(tile + 4L * j))
                .fma(f32(scale + 4L * j), f32(shift + 4L * j))
                .add(load(bf16, addend + at, j));
        store(
            toBf16,
            y + (r * period << Raw.shift(toBf16)),
            j,
            clamp(z, FloatVector.broadcast(F, low), FloatVector.broadcast(F, high)));
      }
    }
  }

  /// With g = dy where z = (x − μ)·a + β lies inside the bounds, else 0: s1 += Σg and s2 += Σg·(x −
  /// μ) down `groups` groups of 8 rows.
  static void gradSums(
      boolean bf16,
      boolean dyBf16,
      long dy,
      long x,
      int period,
      long groups,
      long tile,
      float low,
      float high,
      long s1,
      long s2) {
    for (long g = 0; g < groups; g++) {
      long groupX = x + (g * GROUP * period << Raw.shift(bf16));
      long groupDy = dy + (g * GROUP * period << Raw.shift(dyBf16));
      for (int j = 0; j < period; j += L) {
        FloatVector mean = f32(tile + 4L * j);
        FloatVector scale = f32(tile + 4L * (period + j));
        FloatVector shift = f32(tile + 4L * (2L * period + j));
        FloatVector lowest = FloatVector.broadcast(F, low);
        FloatVector highest = FloatVector.broadcast(F, high);
        FloatVector sum = f32(s1 + 4L * j);
        FloatVector product = f32(s2 + 4L * j);
        for (int r = 0; r < GROUP; r++) {
          FloatVector d = load(bf16, groupX, (long) r * period + j).sub(mean);
          FloatVector slope =
              Lanes.masked(
                  load(dyBf16, groupDy, (long) r * period + j),
                  d.fma(scale, shift),
                  lowest,
                  highest);
          sum = sum.add(slope);
          product = slope.fma(d, product);
        }
        f32(s1 + 4L * j, sum);
        f32(s2 + 4L * j, product);
      }
    }
  }

  /// The same for one row, `n` elements of it.
  static void gradSumsOfRow(
      boolean bf16,
      boolean dyBf16,
      long dy,
      long x,
      int period,
      int n,
      long tile,
      float low,
      float high,
      long s1,
      long s2) {
    for (int j = 0; j < n; j += L) {
      FloatVector d = load(bf16, x, j).sub(f32(tile + 4L * j));
      FloatVector z = d.fma(f32(tile + 4L * (period + j)), f32(tile + 4L * (2L * period + j)));
      FloatVector g =
          Lanes.masked(
              load(dyBf16, dy, j),
              z,
              FloatVector.broadcast(F, low),
              FloatVector.broadcast(F, high));
      f32(s1 + 4L * j, f32(s1 + 4L * j).add(g));
      f32(s2 + 4L * j, g.fma(d, f32(s2 + 4L * j)));
    }
  }

  /// dx = a·g + b·(x − μ) + c, n elements of each row; tiles μ, a, β, b, c.
  static void gradApply(
      boolean bf16,
      boolean dyBf16,
      long dy,
      long x,
      long dx,
      int period,
      int n,
      long rows,
      long tile,
      float low,
      float high) {
    for (long r = 0; r < rows; r++) {
      long at = r * period << Raw.shift(bf16);
      for (int j = 0; j < n; j += L) {
        FloatVector scale = f32(tile + 4L * (period + j));
        FloatVector d = load(bf16, x + at, j).sub(f32(tile + 4L * j));
        FloatVector z = d.fma(scale, f32(tile + 4L * (2L * period + j)));
        FloatVector g =
            Lanes.masked(
                load(dyBf16, dy + (r * period << Raw.shift(dyBf16)), j),
                z,
                FloatVector.broadcast(F, low),
                FloatVector.broadcast(F, high));
        FloatVector centred =
            d.fma(f32(tile + 4L * (3L * period + j)), f32(tile + 4L * (4L * period + j)));
        store(bf16, dx + at, j, g.fma(scale, centred));
      }
    }
  }
}
