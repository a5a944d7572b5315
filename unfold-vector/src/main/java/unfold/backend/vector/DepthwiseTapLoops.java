package unfold.backend.vector;

import static unfold.backend.vector.Raw.F;
import static unfold.backend.vector.Raw.L;
import static unfold.backend.vector.Raw.clamp;
import static unfold.backend.vector.Raw.f32;
import static unfold.backend.vector.Raw.load;
import static unfold.backend.vector.Raw.store;

import jdk.incubator.vector.FloatVector;

/// Depthwise convolution with any window and any number of channels, from tables of taps. Rows that
/// are no multiple of the vector length have room behind their end, as in [PoolLoops].
final class DepthwiseTapLoops {
  private DepthwiseTapLoops() {}

  /// y = act(bias + Σ rows Σ columns x·w): `rowWeights` are addresses of a row of taps, each of
  /// `padded` f32.
  static void row(
      boolean bf16,
      long[] rows,
      long[] rowWeights,
      int rowCount,
      Taps columns,
      int c,
      int padded,
      long bias,
      long y,
      float low,
      float high) {
    for (int q = 0; q < columns.positions(); q++) {
      int from = columns.first(q);
      int to = columns.first(q + 1);
      for (int j = 0; j < c; j += L) {
        FloatVector sum = f32(bias + 4L * j);
        for (int r = 0; r < rowCount; r++) {
          for (int e = from; e < to; e++) {
            FloatVector w = f32(rowWeights[r] + 4L * ((long) columns.code(e) * padded + j));
            sum = load(bf16, rows[r], (long) columns.source(e) * c + j).fma(w, sum);
          }
        }
        FloatVector lowest = FloatVector.broadcast(F, low);
        store(bf16, y, (long) q * c + j, clamp(sum, lowest, FloatVector.broadcast(F, high)));
      }
    }
  }

  /// sums += Σ over columns of dy·x for one row of taps.
  static void weightGrad(
      boolean bf16, long x, long dy, Taps columns, int c, int padded, long sums) {
    for (int q = 0; q < columns.positions(); q++) {
      for (int e = columns.first(q); e < columns.first(q + 1); e++) {
        long to = sums + 4L * columns.code(e) * padded;
        for (int j = 0; j < c; j += L) {
          FloatVector v = load(bf16, x, (long) columns.source(e) * c + j);
          FloatVector g = load(bf16, dy, (long) q * c + j);
          f32(to + 4L * j, g.fma(v, f32(to + 4L * j)));
        }
      }
    }
  }
}
