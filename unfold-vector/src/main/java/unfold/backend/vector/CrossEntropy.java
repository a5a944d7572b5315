package unfold.backend.vector;

import unfold.backend.Call;
import unfold.backend.Candidate.InPlace;
import unfold.backend.Offer;
import unfold.backend.Workers;
import unfold.tensor.DType;
import unfold.tensor.TensorType;

/// Softmax cross entropy: the loss, and its gradient in one pass over the logits. Each item's loss
/// is kept in f64; they are added in order.
final class CrossEntropy {
  private final Workers workers;
  private final boolean bf16;
  private final int items;
  private final int classes;
  private final long rowBytes;
  private final double smoothing;
  private final int ignore;
  private final int parts;

  CrossEntropy(Workers workers, TensorType logits, double smoothing, int ignore) {
    this.workers = workers;
    this.bf16 = logits.dtype() == DType.BF16;
    this.items = logits.shape().dim(0);
    this.classes = logits.shape().dim(1);
    this.rowBytes = (long) classes * logits.dtype().bytes();
    this.smoothing = smoothing;
    this.ignore = ignore;
    this.parts = Split.parts(workers, items, 4 * logits.bytes());
  }

  Offer loss(Call call) {
    long buffers = parts * Row.bytes(classes);
    return Offer.of(
        Ours.standard(
                call,
                "rows",
                buffers + 8L * items,
                (in, out, scratch) -> {
                  long losses = scratch + buffers;
                  var each =
                      Split.share(
                          workers,
                          parts,
                          items,
                          (part, from, to) -> {
                            long buffer = scratch + part * Row.bytes(classes);
                            for (long i = from; i < to; i++) {
                              int label = Raw.getI32(in[1], i);
                              Raw.putF64(losses, i, loss(in[0] + i * rowBytes, label, buffer));
                            }
                          });
                  return () -> {
                    each.run();
                    double sum = 0;
                    for (int i = 0; i < items; i++) {
                      sum += Raw.getF64(losses, i);
                    }
                    int n = counted(in[1]);
                    Raw.putF32(out[0], 0, n == 0 ? 0 : (float) (sum / n));
                  };
                })
            .sees(Sees.F32));
  }

  /// log Σeˣ − (1 − s)·x[label] − s·mean x, for one item; 0 if it is ignored.
  private double loss(long x, int label, long buffer) {
    if (label == ignore) {
      return 0;
    }
    if (label < 0 || label >= classes) {
      return Double.NaN;
    }
    Row.read(bf16, x, buffer, classes, Float.NEGATIVE_INFINITY);
    int all = Row.padded(classes);
    float largest = ReduceLoops.largest(false, buffer, all);
    double hit = (double) largest - Raw.getF32(buffer, label);
    double even = 0;
    for (int c = 0; smoothing != 0 && c < classes; c++) {
      even += ((double) largest - Raw.getF32(buffer, c)) / classes;
    }
    double log = Math.log(SoftmaxLoops.exponentials(buffer, buffer, all, largest));
    return log + (1 - smoothing) * hit + smoothing * even;
  }

  Offer grad(Call call) {
    return Offer.of(
        Ours.standard(
                call,
                "rows",
                parts * Row.bytes(classes),
                (in, out, scratch) ->
                    Split.share(
                        workers,
                        parts,
                        items,
                        (part, from, to) -> {
                          int n = counted(in[2]);
                          float scale = n == 0 ? 0 : (float) (Raw.getF32(in[0], 0) / (double) n);
                          long buffer = scratch + part * Row.bytes(classes);
                          for (long i = from; i < to; i++) {
                            long at = i * rowBytes;
                            int label = Raw.getI32(in[2], i);
                            grad(in[1] + at, label, scale, buffer, out[0] + at);
                          }
                        }))
            .inPlace(new InPlace(0, 1))
            .sees(Sees.F32));
  }

  private void grad(long x, int label, float scale, long buffer, long dx) {
    int all = Row.padded(classes);
    if (label == ignore || label < 0 || label >= classes) {
      float value = label == ignore ? 0 : Float.NaN;
      for (int c = 0; c < classes; c++) {
        Raw.put(bf16, dx, c, value);
      }
      return;
    }
    Row.read(bf16, x, buffer, classes, Float.NEGATIVE_INFINITY);
    float largest = ReduceLoops.largest(false, buffer, all);
    float sum = SoftmaxLoops.exponentials(buffer, buffer, all, largest);
    SoftmaxLoops.affine(buffer, all, scale / sum, (float) (-scale * smoothing / classes));
    float hit = Raw.getF32(buffer, label) - (float) (scale * (1 - smoothing));
    Raw.putF32(buffer, label, hit);
    Row.write(bf16, buffer, dx, classes);
  }

  /// Items whose label is not to be ignored.
  private int counted(long labels) {
    int n = 0;
    for (int i = 0; i < items; i++) {
      n += Raw.getI32(labels, i) == ignore ? 0 : 1;
    }
    return n;
  }
}
