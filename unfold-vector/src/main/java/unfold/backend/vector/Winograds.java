package unfold.backend.vector;

import java.util.ArrayList;
import java.util.List;
import unfold.backend.Call;
import unfold.backend.Layout;
import unfold.backend.Offer;
import unfold.backend.Workers;
import unfold.config.Machine;
import unfold.op.Activation;
import unfold.op.Convolution;
import unfold.op.Convolution.Conv2d;
import unfold.op.Convolution.Conv2dWeightGrad;
import unfold.op.Convolution.ConvTranspose2d;
import unfold.op.Window;
import unfold.tensor.DType;
import unfold.tensor.Shape;
import unfold.tensor.TensorType;

/// Offers for convolutions by 3×3 and 5×5 of stride 1 and for their gradients ([Winograd]), where
/// that is faster than a sum over taps: with few channels the transforms take longer than the
/// products that they save, with few tiles the weights do (Zen 3, `ConvolutionTimes`: 16 channels
/// as fast as oneDNN's kernels, 32 from 1.1 to 1.4 times, 64 and more 1.5 to 2.5 times; 512
/// channels of 4 tiles half as fast, 256 of 16 tiles 1.3 times).
///
/// In bf16 a processor with instructions for it multiplies twice as fast as in f32, so that what is
/// saved must be more: where tiles reach far beyond the pictures, it is not, nor where matrix
/// instructions (AMX) multiply eight times as fast. Those offers yield (Zen 5, `./bench kernels
/// resnet50|alexnet --config bf16 --backend onednn,vector`, times of oneDNN's: 56×56 and 28×28 0.66
/// to 0.80, gradients of weights 0.66 to 0.98; 14×14 and 13×13 0.93 to 1.03 and the weights'
/// transforms besides; 7×7 1.17 to 1.27; 32 to 32 channels of 16×16 1.20 to 1.37, 128 to 32 in
/// DenseNet-121 better by 4 % of the step). So do gradients whose sums are large: those of
/// ResNet-50's last layers would gain a hundredth of the step, and take more of the memory at its
/// peak.
final class Winograds {
  private static final int FEWEST_CHANNELS = 32;

  private static final int FEWEST_TILES = 12;

  /// Products of the sum over taps for one of Winograd's, from which bf16 gains.
  private static final double BF16_SAVES = 3.5;

  /// Products for each number that is transformed, C·O / (C + O), from which bf16 gains.
  private static final double BF16_CHANNELS = 24;

  private static final boolean MATRIX_TILES = Machine.has("amx_bf16");

  private final Workers workers;

  Winograds(Workers workers) {
    this.workers = workers;
  }

  Offer offer(Convolution op, Call call) {
    DType x = call.inputs().getFirst().dtype();
    for (TensorType t : call.inputs()) {
      if (t.shape().rank() == 4 && t.dtype() != x || !suits(t.dtype())) {
        return Offer.declined("Winograd's way is for operands all in f32 or all in bf16");
      }
    }
    return switch (op) {
      case Conv2d(Window window, int groups, Activation activation) ->
          offer(call, window, groups, false, window.padTop(), window.padLeft(), activation);
      case ConvTranspose2d(Window window, int groups, int _, int _) ->
          offer(
              call,
              window,
              groups,
              true,
              call.inputs().get(1).shape().dim(2) - 1 - window.padTop(),
              call.inputs().get(1).shape().dim(3) - 1 - window.padLeft(),
              Activation.IDENTITY);
      case Conv2dWeightGrad(Window window, int groups, int _, int _, DType type) ->
          weightGrad(call, window, groups, type);
    };
  }

  private Offer weightGrad(Call call, Window window, int groups, DType type) {
    Shape x = call.inputs().get(0).shape();
    Shape dy = call.inputs().get(1).shape();
    Shape w = call.outputs().getFirst().shape();
    if (groups != 1 || !suits(window, w) || type != DType.F32) {
      return unsuited(window, groups, w);
    }
    var kernel =
        new WinogradGrad(workers, bf16(call), x, dy, w.dim(2), window.padTop(), window.padLeft());
    if (kernel.tiles().count() < FEWEST_TILES) {
      return few(kernel.tiles());
    }
    return Offer.of(
        new Ours(
                call,
                "winograd",
                Ours.standard(call.inputs()),
                List.of(Depthwises.tapByTap(w)),
                List.of(),
                kernel.scratchBytes(),
                (from, to, scratch) -> kernel.bind(from[0], from[1], to[0], scratch))
            .yields(
                yields(call, dy, w, kernel.tiles().products()) || bf16(call) && kernel.large()));
  }

  /// Whether others go first.
  ///
  /// @param y N×O×outH×outW
  /// @param products for each pair of channels
  private static boolean yields(Call call, Shape y, Shape w, long products) {
    long plain = (long) y.dim(0) * y.dim(2) * y.dim(3) * w.dim(2) * w.dim(3);
    double channels = (double) w.dim(0) * w.dim(1) / (w.dim(0) + w.dim(1));
    return bf16(call)
        && (MATRIX_TILES || plain < BF16_SAVES * products || channels < BF16_CHANNELS);
  }

  private static boolean bf16(Call call) {
    return call.inputs().getFirst().dtype() == DType.BF16;
  }

  private static boolean suits(DType type) {
    return type == DType.F32 || type == DType.BF16;
  }

  private static Offer unsuited(Window window, int groups, Shape w) {
    return Offer.declined(
        "a convolution by "
            + w
            + " with "
            + window
            + " and groups="
            + groups
            + " is not one of 3x3 or 5x5 with stride 1 and many channels");
  }

  private static Offer few(Tiles tiles) {
    return Offer.declined("expanding the weights does not pay for " + tiles.count() + " tiles");
  }

  private Offer offer(
      Call call,
      Window window,
      int groups,
      boolean adjoint,
      int top,
      int left,
      Activation activation) {
    Shape x = call.inputs().getFirst().shape();
    Shape w = call.inputs().get(1).shape();
    Shape y = call.outputs().getFirst().shape();
    if (groups != 1 || !suits(window, w) || top < 0 || left < 0) {
      return unsuited(window, groups, w);
    }
    if (call.outputs().getFirst().dtype() != call.inputs().getFirst().dtype()) {
      return Offer.declined("gives a result of the type of its operands only");
    }
    var weights = WinogradWeights.of(bf16(call), w, adjoint);
    var kernel = new Winograd(workers, bf16(call), weights, x, top, left, y.dim(2), y.dim(3));
    if (kernel.tiles().count() < FEWEST_TILES) {
      return few(kernel.tiles());
    }
    var inputs = new ArrayList<>(Ours.standard(call.inputs()));
    inputs.set(1, weights.layout());
    return Offer.of(
        new Ours(
                call,
                "winograd",
                inputs,
                List.of(Layout.standard(y)),
                List.of(),
                kernel.scratchBytes(),
                (in, out, scratch) ->
                    kernel.bind(
                        in[0], in[1], Winograd.Ending.of(call, in, activation), out[0], scratch))
            .yields(yields(call, y, w, kernel.tiles().products())));
  }

  private static boolean suits(Window window, Shape w) {
    return (w.dim(2) == 3 || w.dim(2) == 5)
        && w.dim(3) == w.dim(2)
        && window.strideH() == 1
        && window.strideW() == 1
        && window.dilationH() == 1
        && window.dilationW() == 1
        && Math.min(w.dim(0), w.dim(1)) >= FEWEST_CHANNELS
        && w.dim(0) % WinogradWeights.BLOCK == 0
        && w.dim(1) % WinogradWeights.BLOCK == 0;
  }
}
