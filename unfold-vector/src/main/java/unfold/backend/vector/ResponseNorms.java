package unfold.backend.vector;

import static unfold.backend.vector.Raw.L;

import unfold.backend.Call;
import unfold.backend.Candidate.InPlace;
import unfold.backend.Offer;
import unfold.backend.Workers;
import unfold.op.Normalization.LocalResponseNorm;
import unfold.op.Normalization.LocalResponseNormGrad;
import unfold.tensor.DType;
import unfold.tensor.TensorType;

/// Offers for local response normalisation, channels last: the channels of one position at a time
/// in f32 buffers, with zeros before and behind them for windows that reach beyond.
final class ResponseNorms {
  private final Workers workers;

  ResponseNorms(Workers workers) {
    this.workers = workers;
  }

  Offer forward(LocalResponseNorm op, Call call) {
    var settings = new LocalResponseNormGrad(op.size(), op.alpha(), op.beta(), op.k());
    return offer(settings, call, false);
  }

  Offer backward(LocalResponseNormGrad op, Call call) {
    return offer(op, call, true);
  }

  private Offer offer(LocalResponseNormGrad op, Call call, boolean grad) {
    TensorType x = call.inputs().getLast();
    boolean bf16 = x.dtype() == DType.BF16;
    int c = x.shape().dim(1);
    long positions = x.shape().size() / c;
    int parts = Split.parts(workers, positions, 8 * x.bytes());
    long halo = Tail.align(4L * (op.size() + L));
    long buffer = Row.bytes(c) + 2 * halo;
    var pairs =
        grad
            ? new InPlace[] {new InPlace(0, 0), new InPlace(0, 1)}
            : new InPlace[] {new InPlace(0, 0)};
    return Offer.of(
        Ours.standard(
                call,
                "positions",
                5L * parts * buffer,
                (in, out, scratch) ->
                    Split.share(
                        workers,
                        parts,
                        positions,
                        (part, from, to) -> {
                          long room = scratch + 5L * part * buffer;
                          FillLoops.zero(room, 5 * buffer);
                          for (long p = from; p < to; p++) {
                            long at = p * c << Raw.shift(bf16);
                            long first = room + halo;
                            forward(op, bf16, in[in.length - 1] + at, c, first, buffer);
                            if (grad) {
                              backward(op, bf16, in[0] + at, c, first, buffer);
                            }
                            Row.write(bf16, first + 2 * buffer, out[0] + at, c);
                          }
                        }))
            .inPlace(pairs)
            .sees(Sees.F32));
  }

  /// Buffers: x, x², result, k + α/n·Σx², and one for the gradient.
  private static void forward(
      LocalResponseNormGrad op, boolean bf16, long x, int c, long first, long buffer) {
    int all = Row.padded(c);
    Row.read(bf16, x, first, c, 0);
    ResponseNormLoops.squares(first, first + buffer, all);
    long pressure = first + 3 * buffer;
    float scale = (float) (op.alpha() / op.size());
    ResponseNormLoops.windows(
        first + buffer, pressure, all, -(op.size() / 2), op.size(), scale, (float) op.k());
    ResponseNormLoops.timesPower(first, pressure, first + 2 * buffer, all, (float) -op.beta());
  }

  private static void backward(
      LocalResponseNormGrad op, boolean bf16, long dy, int c, long first, long buffer) {
    int all = Row.padded(c);
    long x = first;
    long back = first + buffer;
    long result = first + 2 * buffer;
    long pressure = first + 3 * buffer;
    long g = first + 4 * buffer;
    Row.read(bf16, dy, g, c, 0);
    ResponseNormLoops.timesPower(g, pressure, result, all, (float) -op.beta());
    ResponseNormLoops.multiply(g, x, back, all);
    ResponseNormLoops.timesPower(back, pressure, back, all, (float) (-op.beta() - 1));
    for (int i = c; i < all; i++) {
      Raw.putF32(back, i, 0); // 0·0^power is NaN, and a window may see it
    }
    // channel j is seen by channels j − (size − 1 − size/2) … j + size/2
    float scale = (float) (-2 * op.alpha() * op.beta() / op.size());
    ResponseNormLoops.windows(back, g, all, op.size() / 2 - op.size() + 1, op.size(), scale, 0);
    ResponseNormLoops.multiplyAdd(g, x, result, all);
  }
}
