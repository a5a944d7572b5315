package unfold.backend.vector;

import unfold.backend.Call;
import unfold.backend.Offer;
import unfold.backend.Workers;
import unfold.op.Pooling;
import unfold.op.Pooling.AdaptiveAveragePool2d;
import unfold.op.Pooling.AdaptiveAveragePool2dGrad;
import unfold.op.Pooling.AdaptiveMaxPool2d;
import unfold.op.Pooling.AdaptiveMaxPool2dGrad;
import unfold.op.Pooling.AveragePool2d;
import unfold.op.Pooling.AveragePool2dGrad;
import unfold.op.Pooling.MaxPool2d;
import unfold.op.Pooling.MaxPool2dGrad;
import unfold.op.Window;
import unfold.tensor.DType;
import unfold.tensor.Shape;
import unfold.tensor.TensorType;

/// Offers for pooling, channels last, any window. Gradients are gathered: each place of dx adds up
/// what it gets, so that no two threads write one place.
final class Poolings {
  private final Workers workers;

  Poolings(Workers workers) {
    this.workers = workers;
  }

  Offer offer(Pooling op, Call call) {
    Shape x = call.inputs().getFirst().shape();
    Shape y = call.outputs().getFirst().shape();
    return switch (op) {
      case MaxPool2d(int kH, int kW, Window w) ->
          max(
              call,
              rows(x.dim(2), y.dim(2), kH, w, true).coded(kW),
              columns(x.dim(3), y.dim(3), kW, w, true));
      case AdaptiveMaxPool2d(int outH, int outW) ->
          max(call, Taps.adaptive(x.dim(2), outH).coded(x.dim(3)), Taps.adaptive(x.dim(3), outW));
      case MaxPool2dGrad(int kH, int kW, Window w, int height, int width) ->
          maxGrad(
              call,
              rows(height, x.dim(2), kH, w, true).coded(kW),
              columns(width, x.dim(3), kW, w, true));
      case AdaptiveMaxPool2dGrad(int height, int width) ->
          maxGrad(
              call, Taps.adaptive(height, x.dim(2)).coded(width), Taps.adaptive(width, x.dim(3)));
      case AveragePool2d(int kH, int kW, Window w, boolean countPadding) ->
          average(
              call,
              rows(x.dim(2), y.dim(2), kH, w, countPadding),
              columns(x.dim(3), y.dim(3), kW, w, countPadding));
      case AdaptiveAveragePool2d(int outH, int outW) ->
          average(call, Taps.adaptive(x.dim(2), outH), Taps.adaptive(x.dim(3), outW));
      case AveragePool2dGrad(int kH, int kW, Window w, boolean countPadding, int h, int width) ->
          averageGrad(
              call,
              rows(h, x.dim(2), kH, w, countPadding),
              columns(width, x.dim(3), kW, w, countPadding));
      case AdaptiveAveragePool2dGrad(int height, int width) ->
          averageGrad(call, Taps.adaptive(height, x.dim(2)), Taps.adaptive(width, x.dim(3)));
    };
  }

  private static Taps rows(int in, int out, int k, Window w, boolean countPadding) {
    return Taps.windows(in, out, k, w.strideH(), w.padTop(), w.dilationH(), countPadding);
  }

  private static Taps columns(int in, int out, int k, Window w, boolean countPadding) {
    return Taps.windows(in, out, k, w.strideW(), w.padLeft(), w.dilationW(), countPadding);
  }

  private PoolKernels kernels(Call call, Taps rows, Taps columns) {
    TensorType x = call.inputs().getFirst();
    return new PoolKernels(
        workers,
        x.dtype() == DType.BF16,
        x.shape().dim(0),
        x.shape().dim(1),
        rows,
        columns,
        x.shape().dim(2),
        x.shape().dim(3));
  }

  private Offer average(Call call, Taps rows, Taps columns) {
    Shape x = call.inputs().getFirst().shape();
    var k = kernels(call, rows, columns);
    boolean pairs = rows.pairs(x.dim(2)) && columns.pairs(x.dim(3));
    return Offer.of(
        Ours.standard(
            call,
            pairs ? "2x2" : "windows",
            k.scratchBytes(),
            (in, out, scratch) ->
                pairs ? k.mean2x2(in[0], out[0], scratch) : k.weighted(in[0], out[0], scratch)));
  }

  private Offer averageGrad(Call call, Taps rows, Taps columns) {
    Shape dx = call.outputs().getFirst().shape();
    boolean pairs = rows.pairs(dx.dim(2)) && columns.pairs(dx.dim(3));
    var k = kernels(call, rows.transposed(dx.dim(2)), columns.transposed(dx.dim(3)));
    return Offer.of(
        Ours.standard(
            call,
            pairs ? "2x2" : "windows",
            k.scratchBytes(),
            (in, out, scratch) ->
                pairs ? k.grad2x2(in[0], 0, out[0], scratch) : k.weighted(in[0], out[0], scratch)));
  }

  private Offer max(Call call, Taps rows, Taps columns) {
    var k = kernels(call, rows, columns);
    boolean wide = call.outputs().get(1).dtype() == DType.I32;
    return Offer.of(
        Ours.standard(
            call,
            "windows",
            k.scratchBytes(),
            (in, out, scratch) -> k.max(wide, in[0], out[0], out[1], scratch)));
  }

  private Offer maxGrad(Call call, Taps rows, Taps columns) {
    Shape dx = call.outputs().getFirst().shape();
    boolean wide = call.inputs().get(1).dtype() == DType.I32;
    boolean pairs = !wide && rows.pairs(dx.dim(2)) && columns.pairs(dx.dim(3));
    var k = kernels(call, rows.transposed(dx.dim(2)), columns.transposed(dx.dim(3)));
    return Offer.of(
        Ours.standard(
            call,
            pairs ? "2x2" : "windows",
            k.scratchBytes(),
            (in, out, scratch) ->
                pairs
                    ? k.grad2x2(in[0], in[1], out[0], scratch)
                    : k.maxGrad(wide, in[0], in[1], out[0], scratch)));
  }
}
