package unfold.backend.vector;

import unfold.backend.Call;
import unfold.backend.Candidate.InPlace;
import unfold.backend.Kernel;
import unfold.backend.Layout;
import unfold.backend.Offer;
import unfold.backend.Workers;
import unfold.op.Normalization.LayerNorm;
import unfold.op.Normalization.LayerNormGrad;
import unfold.tensor.DType;
import unfold.tensor.TensorType;

/// Offers for layer normalisation. A row is computed in f32 in a buffer: its mean first, then the
/// squares of what is left, so that a mean far from 0 does not cancel.
final class LayerNorms {
  private static final int FLUSH = 256;

  private final Workers workers;

  LayerNorms(Workers workers) {
    this.workers = workers;
  }

  private record Rows(boolean bf16, int n, long rows) {
    static Rows of(Call call, int x, int axes) {
      TensorType type = call.inputs().get(x);
      int n = 1;
      for (int i = 1; i <= axes; i++) {
        n *= type.shape().dim(-i);
      }
      return new Rows(type.dtype() == DType.BF16, n, type.shape().size() / n);
    }

    long at(long base, long row) {
      return base + (row * n << Raw.shift(bf16));
    }

    long bytes() {
      return rows * n << Raw.shift(bf16);
    }
  }

  /// Rank 4 lies channels last, so that its last axes are no rows.
  private static boolean rowMajor(Call call, int x) {
    var shape = call.inputs().get(x).shape();
    var rowMajor = Layout.rowMajor(shape);
    return Layout.isStandard(rowMajor, shape);
  }

  Offer forward(LayerNorm op, Call call) {
    if (!rowMajor(call, 0)) {
      return Offer.declined("the rows of " + call.inputs().getFirst() + " lie channels last");
    }
    var r = Rows.of(call, 0, op.axes());
    int parts = Split.parts(workers, r.rows(), 2 * r.bytes());
    long buffer = Row.bytes(r.n());
    return Offer.of(
        Ours.standard(
                call,
                "rows",
                3L * parts * buffer,
                (in, out, scratch) ->
                    Split.share(
                        workers,
                        parts,
                        r.rows(),
                        (part, from, to) -> {
                          long row = scratch + 3L * part * buffer;
                          long scale = row + buffer;
                          long shift = scale + buffer;
                          Row.read(false, in[1], scale, r.n(), 0);
                          Row.read(false, in[2], shift, r.n(), 0);
                          for (long i = from; i < to; i++) {
                            normalize(r, op.epsilon(), in[0], out, i, row, scale, shift);
                          }
                        }))
            .inPlace(new InPlace(0, 0))
            .omits(1, 2)
            .sees(Sees.F32));
  }

  private static void normalize(
      Rows r, double epsilon, long x, long[] out, long i, long row, long scale, long shift) {
    int all = Row.padded(r.n());
    Row.read(r.bf16(), r.at(x, i), row, r.n(), 0);
    double mean = (double) ReduceLoops.sum(false, row, all) / r.n();
    double rest = centre(row, r.n(), mean);
    mean += rest;
    double inverseStd =
        1 / Math.sqrt((double) ReduceLoops.sumOfSquares(false, row, all) / r.n() + epsilon);
    SoftmaxLoops.affine(row, all, (float) inverseStd, 0);
    LayerNormLoops.scaleShift(row, scale, shift, all);
    Row.write(r.bf16(), row, r.at(out[0], i), r.n());
    if (out[1] != 0) {
      Raw.putF32(out[1], i, (float) mean);
    }
    if (out[2] != 0) {
      Raw.putF32(out[2], i, (float) inverseStd);
    }
  }

  /// Takes the mean off, and then what its rounding left; returns that.
  private static double centre(long row, int n, double mean) {
    int all = Row.padded(n);
    SoftmaxLoops.affine(row, all, 1, (float) -mean);
    clearEnd(row, n);
    double rest = (double) ReduceLoops.sum(false, row, all) / n;
    SoftmaxLoops.affine(row, all, 1, (float) -rest);
    clearEnd(row, n);
    return (float) mean - mean + rest;
  }

  private static void clearEnd(long row, int n) {
    for (int i = n; i < Row.padded(n); i++) {
      Raw.putF32(row, i, 0);
    }
  }

  Offer backward(LayerNormGrad op, Call call) {
    if (!rowMajor(call, 1)) {
      return Offer.declined("the rows of " + call.inputs().get(1) + " lie channels last");
    }
    var r = Rows.of(call, 1, op.axes());
    int parts = Split.parts(workers, r.rows(), 3 * r.bytes());
    long buffer = Row.bytes(r.n());
    long sums = Tail.align(16L * r.n());
    long perPart = 5 * buffer + sums;
    return Offer.of(
        Ours.standard(
                call,
                "rows",
                parts * perPart,
                (in, out, scratch) -> {
                  Kernel rows =
                      Split.share(
                          workers,
                          parts,
                          r.rows(),
                          (part, from, to) ->
                              gradRows(r, in, out[0], from, to, scratch + part * perPart));
                  return () -> {
                    rows.run();
                    long first = scratch + 5 * buffer;
                    for (int j = 0; j < r.n(); j++) {
                      double scale = 0;
                      double shift = 0;
                      for (int part = 0; part < parts; part++) {
                        scale += Raw.getF64(first + part * perPart, j);
                        shift += Raw.getF64(first + part * perPart, (long) r.n() + j);
                      }
                      Raw.putF32(out[1], j, (float) scale);
                      Raw.putF32(out[2], j, (float) shift);
                    }
                  };
                })
            .inPlace(new InPlace(0, 0), new InPlace(0, 1))
            .sees(Sees.F32));
  }

  /// In `room`: dy, x̂, scale, sums of dy·x̂ and of dy in f32, and both in f64.
  private static void gradRows(Rows r, long[] in, long dx, long from, long to, long room) {
    long buffer = Row.bytes(r.n());
    int all = Row.padded(r.n());
    long dy = room;
    long normal = dy + buffer;
    long scale = normal + buffer;
    long scaleSums = scale + buffer;
    long shiftSums = scaleSums + buffer;
    long wide = shiftSums + buffer;
    FillLoops.zero(scaleSums, 2 * buffer + 16L * r.n());
    Row.read(false, in[2], scale, r.n(), 0);
    for (long i = from; i < to; i++) {
      float mean = Raw.getF32(in[3], i);
      float inverseStd = Raw.getF32(in[4], i);
      Row.read(r.bf16(), r.at(in[0], i), dy, r.n(), 0);
      Row.read(r.bf16(), r.at(in[1], i), normal, r.n(), mean);
      SoftmaxLoops.affine(normal, all, 1, -mean);
      SoftmaxLoops.affine(normal, all, inverseStd, 0);
      LayerNormLoops.sums(dy, normal, scaleSums, shiftSums, all);
      LayerNormLoops.multiply(dy, scale, all);
      float a = ReduceLoops.sum(false, dy, all) / r.n();
      float b = SoftmaxLoops.dot(dy, normal, all) / r.n();
      LayerNormLoops.grad(dy, normal, all, a, b, inverseStd);
      Row.write(r.bf16(), dy, r.at(dx, i), r.n());
      if ((i - from) % FLUSH == FLUSH - 1 || i == to - 1) {
        flush(scaleSums, wide, r.n());
        flush(shiftSums, wide + 8L * r.n(), r.n());
      }
    }
  }

  private static void flush(long sums, long wide, int n) {
    for (int j = 0; j < n; j++) {
      Raw.putF64(wide, j, Raw.getF64(wide, j) + Raw.getF32(sums, j));
    }
    FillLoops.zero(sums, 4L * n);
  }
}
