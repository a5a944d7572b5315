package unfold.backend.vector;

import java.util.List;
import unfold.backend.Call;
import unfold.backend.Layout;
import unfold.backend.Offer;
import unfold.backend.Workers;
import unfold.op.Convolution.Conv2dWeightGrad;
import unfold.op.Window;
import unfold.tensor.DType;
import unfold.tensor.Shape;

/// Offers for the gradients of weights of convolutions by 1×1 in f32 ([PointwiseGrad]), with
/// vectors of 8. Within a step of ResNet-50 they take 0.86 of the time of oneDNN's kernels (Zen 3),
/// whose rates differ from shape to shape. For few channels, where packing takes long beside the
/// products, and for few pixels, where sums take long, oneDNN's are faster by 1.2 to 1.5, and these
/// yield.
final class PointwiseGrads {
  private static final int FEWEST_WEIGHTS = 1 << 13;

  private static final int FEWEST_PIXELS = 2048;

  private final Workers workers;

  PointwiseGrads(Workers workers) {
    this.workers = workers;
  }

  Offer offer(Conv2dWeightGrad op, Call call) {
    Shape x = call.inputs().get(0).shape();
    Shape dy = call.inputs().get(1).shape();
    Shape w = call.outputs().getFirst().shape();
    Window window = op.window();
    boolean f32 =
        call.inputs().stream().allMatch(t -> t.dtype() == DType.F32) && op.out() == DType.F32;
    boolean padded =
        window.padTop() + window.padLeft() + window.padBottom() + window.padRight() > 0;
    if (!f32 || op.groups() != 1 || w.dim(2) != 1 || w.dim(3) != 1 || padded) {
      return Offer.declined("a gradient for " + w + " is not one of 1x1, one group and f32");
    }
    if (!PointwiseGrad.suits(x.dim(1), dy.dim(1))) {
      return Offer.declined("neither " + x.dim(1) + " nor " + dy.dim(1) + " are pairs of vectors");
    }
    var kernel = new PointwiseGrad(workers, x, dy, window);
    boolean small = w.size() < FEWEST_WEIGHTS || dy.size() / dy.dim(1) < FEWEST_PIXELS;
    return Offer.of(
        new Ours(
                call,
                "sixes",
                Ours.standard(call.inputs()),
                List.of(kernel.turned() ? Layout.standard(w) : Depthwises.tapByTap(w)),
                List.of(),
                kernel.scratchBytes(),
                (in, out, scratch) -> kernel.bind(in[0], in[1], out[0], scratch))
            .yields(small));
  }
}
