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
/// after [Winograds]. On Zen 3 (`ConvolutionTimes`, by turns with oneDNN's kernels) those of 3×3
/// with stride 2 take 0.5 to 0.8 of the time of oneDNN's, those of 1×1 0.6 to 1. For so few
/// channels of dy that packing takes long beside the products, and for few pixels, where sums take
/// long, oneDNN's are faster by up to 2, and these yield.
final class ConvGrads {
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
    boolean few = w.dim(2) * w.dim(3) > 1 && w.dim(0) < FEWEST_CHANNELS;
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
