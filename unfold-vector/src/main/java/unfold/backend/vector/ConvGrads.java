package unfold.backend.vector;

import java.util.List;
import unfold.backend.Call;
import unfold.backend.Layout;
import unfold.backend.Offer;
import unfold.backend.Workers;
import unfold.op.Convolution.Conv2dWeightGrad;
import unfold.tensor.DType;
import unfold.tensor.Shape;

/// Offers for the gradients of weights of convolutions in f32 ([ConvGrad]), with vectors of 8,
/// after [Winograds]. On Zen 3 those of 3×3 with stride 2 take 0.6 to 0.9 of the time of oneDNN's
/// kernels (`ConvolutionTimes`), those of 1×1 within a step of ResNet-50 0.86. For few channels,
/// where packing takes long beside the products, and for few pixels, where sums take long, oneDNN's
/// are faster by 1.2 to 4, and these yield.
final class ConvGrads {
  private static final int FEWEST_WEIGHTS = 1 << 13;

  private static final int FEWEST_CHANNELS = 32;

  private static final int FEWEST_PIXELS = 2048;

  private final Workers workers;

  ConvGrads(Workers workers) {
    this.workers = workers;
  }

  Offer offer(Conv2dWeightGrad op, Call call) {
    Shape x = call.inputs().get(0).shape();
    Shape dy = call.inputs().get(1).shape();
    Shape w = call.outputs().getFirst().shape();
    boolean f32 = call.inputs().stream().allMatch(t -> t.dtype() == DType.F32);
    if (!f32 || op.out() != DType.F32 || op.groups() != 1) {
      return Offer.declined("adds up gradients of weights in f32 and one group only");
    }
    if (!ConvGrad.suits(w, op.window())) {
      return Offer.declined("channels of " + w + " are no pairs of vectors of 8");
    }
    var kernel = new ConvGrad(workers, x, dy, w, op.window());
    boolean few =
        w.size() < FEWEST_WEIGHTS
            || w.dim(2) * w.dim(3) > 1 && Math.min(w.dim(0), w.dim(1)) < FEWEST_CHANNELS;
    return Offer.of(
        new Ours(
                call,
                "sixes",
                Ours.standard(call.inputs()),
                List.of(kernel.turned() ? Layout.standard(w) : Depthwises.tapByTap(w)),
                List.of(),
                kernel.scratchBytes(),
                (in, out, scratch) -> kernel.bind(in[0], in[1], out[0], scratch))
            .yields(few || dy.size() / dy.dim(1) < FEWEST_PIXELS));
  }
}
