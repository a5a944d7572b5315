package unfold.backend.vector;

import unfold.backend.Call;
import unfold.backend.Candidate.InPlace;
import unfold.backend.Offer;
import unfold.backend.Workers;
import unfold.op.Softmaxes;
import unfold.op.Softmaxes.LogSoftmax;
import unfold.op.Softmaxes.LogSoftmaxGrad;
import unfold.op.Softmaxes.Softmax;
import unfold.op.Softmaxes.SoftmaxCrossEntropy;
import unfold.op.Softmaxes.SoftmaxCrossEntropyGrad;
import unfold.op.Softmaxes.SoftmaxGrad;
import unfold.tensor.DType;
import unfold.tensor.TensorType;

/// Offers for softmax and its kin along the innermost axis in memory. A row is computed in f32 in a
/// buffer; its sum is one f32 sum of positive terms.
final class SoftmaxOffers {
  private final Workers workers;

  SoftmaxOffers(Workers workers) {
    this.workers = workers;
  }

  /// What is done to the rows of one thread: addresses of one row of each operand, of the result,
  /// and two buffers.
  @FunctionalInterface
  private interface RowWork {
    void run(boolean bf16, long a, long b, long y, int n, long buffer, long other);
  }

  Offer offer(Softmaxes op, Call call) {
    return switch (op) {
      case Softmax(int axis) ->
          rows(
              call,
              axis,
              (bf16, x, _, y, n, buffer, _) -> {
                Row.read(bf16, x, buffer, n, Float.NEGATIVE_INFINITY);
                int all = Row.padded(n);
                float largest = ReduceLoops.largest(false, buffer, all);
                float sum = SoftmaxLoops.exponentials(buffer, buffer, all, largest);
                SoftmaxLoops.affine(buffer, all, 1 / sum, 0);
                Row.write(bf16, buffer, y, n);
              });
      case LogSoftmax(int axis) ->
          rows(
              call,
              axis,
              (bf16, x, _, y, n, buffer, other) -> {
                Row.read(bf16, x, buffer, n, Float.NEGATIVE_INFINITY);
                int all = Row.padded(n);
                float largest = ReduceLoops.largest(false, buffer, all);
                double log = Math.log(SoftmaxLoops.exponentials(buffer, other, all, largest));
                SoftmaxLoops.affine(buffer, all, 1, -largest);
                SoftmaxLoops.affine(buffer, all, 1, (float) -log);
                Row.write(bf16, buffer, y, n);
              });
      case SoftmaxGrad(int axis) ->
          rows(
              call,
              axis,
              (bf16, dy, y, dx, n, buffer, other) -> {
                Row.read(bf16, dy, buffer, n, 0);
                Row.read(bf16, y, other, n, 0);
                int all = Row.padded(n);
                SoftmaxLoops.grad(buffer, other, all, SoftmaxLoops.dot(buffer, other, all));
                Row.write(bf16, buffer, dx, n);
              });
      case LogSoftmaxGrad(int axis) ->
          rows(
              call,
              axis,
              (bf16, dy, y, dx, n, buffer, other) -> {
                Row.read(bf16, dy, buffer, n, 0);
                Row.read(bf16, y, other, n, 0);
                int all = Row.padded(n);
                float sum = ReduceLoops.sum(false, buffer, all);
                SoftmaxLoops.logGrad(buffer, other, all, sum);
                Row.write(bf16, buffer, dx, n);
              });
      case SoftmaxCrossEntropy(double smoothing, int ignore) ->
          new CrossEntropy(workers, call.inputs().getFirst(), smoothing, ignore).loss(call);
      case SoftmaxCrossEntropyGrad(double smoothing, int ignore) ->
          new CrossEntropy(workers, call.inputs().get(1), smoothing, ignore).grad(call);
    };
  }

  private Offer rows(Call call, int axis, RowWork work) {
    TensorType x = call.inputs().getFirst();
    if (!innermost(x, axis)) {
      return Offer.declined("axis " + axis + " of " + x + " is not the innermost in memory");
    }
    boolean bf16 = x.dtype() == DType.BF16;
    int n = x.shape().dim(axis);
    long rows = x.shape().size() / n;
    long rowBytes = (long) n * x.dtype().bytes();
    int parts = Split.parts(workers, rows, 4 * x.bytes());
    long buffer = Row.bytes(n);
    var pairs =
        call.inputs().size() == 1
            ? new InPlace[] {new InPlace(0, 0)}
            : new InPlace[] {new InPlace(0, 0), new InPlace(0, 1)};
    return Offer.of(
        Ours.standard(
                call,
                "rows",
                2L * parts * buffer,
                (in, out, scratch) -> {
                  long a = in[0];
                  long b = in[in.length - 1];
                  return Split.share(
                      workers,
                      parts,
                      rows,
                      (part, from, to) -> {
                        long mine = scratch + 2L * part * buffer;
                        for (long r = from; r < to; r++) {
                          long at = r * rowBytes;
                          work.run(bf16, a + at, b + at, out[0] + at, n, mine, mine + buffer);
                        }
                      });
                })
            .inPlace(pairs)
            .sees(Sees.F32));
  }

  /// Whether the elements along an axis lie side by side.
  static boolean innermost(TensorType x, int axis) {
    var order = Broadcasting.memoryOrder(x.shape());
    for (int k = order.size() - 1; order.get(k) != axis; k--) {
      if (x.shape().dim(order.get(k)) > 1) {
        return false;
      }
    }
    return true;
  }
}
