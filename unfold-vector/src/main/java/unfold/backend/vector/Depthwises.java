package unfold.backend.vector;

import java.util.ArrayList;
import java.util.List;
import unfold.backend.Call;
import unfold.backend.Layout;
import unfold.backend.Offer;
import unfold.backend.Workers;
import unfold.op.Convolution;
import unfold.op.Convolution.Conv2d;
import unfold.op.Convolution.Conv2dWeightGrad;
import unfold.op.Convolution.ConvTranspose2d;
import unfold.op.Window;
import unfold.tensor.DType;
import unfold.tensor.Shape;

/// Offers for depthwise convolutions (as many groups as channels, in and out) in all directions.
/// Weights lie tap by tap, with the channels innermost; so do their gradients.
///
/// In f32 these kernels are faster than oneDNN's where both wait for memory (`ConvolutionTimes`,
/// Zen 3: up to 1.4 times forward and for dx, 2 for dw). For y and dx that stay in a cache, which
/// is what networks on single pictures are made of, and for few channels, of which rows stay in the
/// first cache, they take up to twice as long where vectors are short, and yield. In bf16 their
/// form before this one took three times as long as oneDNN's (Zen 4), so they yield as well.
final class Depthwises {
  /// Bytes of x and y that stay in a cache.
  private static final long CACHED = 16 << 20;

  private static final int MANY = 64;

  private final Workers workers;

  Depthwises(Workers workers) {
    this.workers = workers;
  }

  Offer offer(Convolution op, Call call) {
    Shape first = call.inputs().getFirst().shape();
    return switch (op) {
      case Conv2d(Window window, int groups, var activation) -> {
        Shape w = call.inputs().get(1).shape();
        var bounds = Bounds.of(activation);
        if (dense(groups, first.dim(1), w.dim(0))) {
          yield notDepthwise(groups);
        }
        if (call.inputs().size() > 3 || bounds.isEmpty()) {
          yield Offer.declined("fuses a bias and an activation that cuts off, nothing else");
        }
        var d =
            new Depthwise(workers, bf16(call), first, w, window, y(call).dim(2), y(call).dim(3));
        yield forward(call, d, bounds.get());
      }
      case ConvTranspose2d(Window window, int groups, int height, int width) -> {
        Shape w = call.inputs().get(1).shape();
        if (dense(groups, first.dim(1), y(call).dim(1))) {
          yield notDepthwise(groups);
        }
        Shape x = first.with(2, height).with(3, width);
        yield backward(
            call, new Depthwise(workers, bf16(call), x, w, window, first.dim(2), first.dim(3)));
      }
      case Conv2dWeightGrad(Window window, int groups, int _, int _, DType out) -> {
        Shape dy = call.inputs().get(1).shape();
        if (dense(groups, first.dim(1), dy.dim(1))) {
          yield notDepthwise(groups);
        }
        if (out != DType.F32 && out != DType.BF16) {
          yield Offer.declined("writes f32 and bf16, not " + out);
        }
        yield weightGrad(
            call, new Depthwise(workers, bf16(call), first, y(call), window, dy.dim(2), dy.dim(3)));
      }
    };
  }

  private static boolean dense(int groups, int in, int out) {
    return groups != in || groups != out;
  }

  private static Offer notDepthwise(int groups) {
    return Offer.declined("groups=" + groups + " is no depthwise convolution");
  }

  private static boolean bf16(Call call) {
    return call.inputs().getFirst().dtype() == DType.BF16;
  }

  private static Shape y(Call call) {
    return call.outputs().getFirst().shape();
  }

  /// Tap by tap, there channels in, channels out innermost, for weights O×C/groups×kH×kW.
  static Layout tapByTap(Shape w) {
    long out = w.dim(0);
    long tap = w.dim(1) * out;
    return new Layout.Strided(List.of(1L, out, w.dim(3) * tap, tap));
  }

  private static Offer forward(Call call, Depthwise d, Bounds bounds) {
    var inputs = standard(call);
    inputs.set(1, tapByTap(call.inputs().get(1).shape()));
    return Offer.of(
        new Ours(
                call,
                d.label(),
                inputs,
                List.of(Layout.standard(y(call))),
                List.of(),
                d.scratchBytes(),
                (in, out, scratch) ->
                    d.forward(
                        in[0],
                        Given.of(call, in, 1),
                        Given.of(call, in, 2),
                        bounds,
                        out[0],
                        scratch))
            .yields(bf16(call) || near(call)));
  }

  private static Offer backward(Call call, Depthwise d) {
    var inputs = standard(call);
    inputs.set(1, tapByTap(call.inputs().get(1).shape()));
    return Offer.of(
        new Ours(
                call,
                d.adjointLabel(),
                inputs,
                List.of(Layout.standard(y(call))),
                List.of(),
                d.scratchBytes(),
                (in, out, scratch) -> d.backward(in[0], in[1], out[0], scratch))
            .yields(bf16(call) || near(call)));
  }

  private static boolean near(Call call) {
    var x = call.inputs().getFirst();
    boolean cached = x.bytes() + call.outputs().getFirst().bytes() < CACHED;
    return Raw.L <= 8 && (cached || x.shape().dim(1) < MANY);
  }

  private static Offer weightGrad(Call call, Depthwise d) {
    boolean toBf16 = call.outputs().getFirst().dtype() == DType.BF16;
    return Offer.of(
        new Ours(
                call,
                d.label(),
                standard(call),
                List.of(tapByTap(y(call))),
                List.of(),
                d.scratchBytes(),
                (in, out, scratch) -> d.weightGrad(in[0], in[1], toBf16, out[0], scratch))
            .yields(bf16(call)));
  }

  private static List<Layout> standard(Call call) {
    return new ArrayList<>(Ours.standard(call.inputs()));
  }
}
