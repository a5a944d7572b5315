package unfold.backend.reference;

import java.util.List;
import unfold.op.Softmaxes;
import unfold.op.Softmaxes.LogSoftmax;
import unfold.op.Softmaxes.LogSoftmaxGrad;
import unfold.op.Softmaxes.Softmax;
import unfold.op.Softmaxes.SoftmaxCrossEntropy;
import unfold.op.Softmaxes.SoftmaxCrossEntropyGrad;
import unfold.op.Softmaxes.SoftmaxGrad;

/// Softmax, its logarithm, and the loss on it.
final class SoftmaxKernels {
  private SoftmaxKernels() {}

  static void run(Softmaxes op, List<Numbers> in, List<Numbers> out) {
    switch (op) {
      case Softmax(int axis) -> {
        logSoftmax(axis, in.getFirst(), out.getFirst());
        exponentiate(out.getFirst());
      }
      case LogSoftmax(int axis) -> logSoftmax(axis, in.getFirst(), out.getFirst());
      case SoftmaxGrad(int axis) -> softmaxGrad(axis, in.get(0), in.get(1), out.getFirst());
      case LogSoftmaxGrad(int axis) -> logSoftmaxGrad(axis, in.get(0), in.get(1), out.getFirst());
      case SoftmaxCrossEntropy(double smoothing, int ignore) ->
          out.getFirst().set(0, crossEntropy(smoothing, ignore, in.get(0), in.get(1)));
      case SoftmaxCrossEntropyGrad(double smoothing, int ignore) -> {
        Numbers dx = out.getFirst();
        logSoftmax(1, in.get(1), dx);
        exponentiate(dx);
        crossEntropyGrad(smoothing, ignore, in.get(0).get(0), in.get(2), dx);
      }
    }
  }

  private static void logSoftmax(int axis, Numbers x, Numbers y) {
    var lines = Lines.along(x.shape(), axis);
    for (long l = 0; l < lines.count(); l++) {
      double largest = Double.NEGATIVE_INFINITY;
      for (int i = 0; i < lines.extent(); i++) {
        largest = Math.max(largest, x.get(lines.at(l, i)));
      }
      double sum = 0;
      for (int i = 0; i < lines.extent(); i++) {
        sum += Math.exp(x.get(lines.at(l, i)) - largest);
      }
      for (int i = 0; i < lines.extent(); i++) {
        y.set(lines.at(l, i), x.get(lines.at(l, i)) - largest - Math.log(sum));
      }
    }
  }

  private static void exponentiate(Numbers y) {
    for (long i = 0; i < y.size(); i++) {
      y.set(i, Math.exp(y.get(i)));
    }
  }

  private static void softmaxGrad(int axis, Numbers dy, Numbers y, Numbers dx) {
    var lines = Lines.along(y.shape(), axis);
    for (long l = 0; l < lines.count(); l++) {
      double dot = 0;
      for (int i = 0; i < lines.extent(); i++) {
        dot += dy.get(lines.at(l, i)) * y.get(lines.at(l, i));
      }
      for (int i = 0; i < lines.extent(); i++) {
        dx.set(lines.at(l, i), y.get(lines.at(l, i)) * (dy.get(lines.at(l, i)) - dot));
      }
    }
  }

  private static void logSoftmaxGrad(int axis, Numbers dy, Numbers y, Numbers dx) {
    var lines = Lines.along(y.shape(), axis);
    for (long l = 0; l < lines.count(); l++) {
      double sum = 0;
      for (int i = 0; i < lines.extent(); i++) {
        sum += dy.get(lines.at(l, i));
      }
      for (int i = 0; i < lines.extent(); i++) {
        dx.set(lines.at(l, i), dy.get(lines.at(l, i)) - Math.exp(y.get(lines.at(l, i))) * sum);
      }
    }
  }

  private static double crossEntropy(double smoothing, int ignore, Numbers logits, Numbers labels) {
    int classes = logits.dim(1);
    double loss = 0;
    for (int n = 0; n < logits.dim(0); n++) {
      int label = (int) labels.get(n);
      if (label == ignore) {
        continue;
      }
      long row = (long) n * classes;
      double largest = Double.NEGATIVE_INFINITY;
      for (int c = 0; c < classes; c++) {
        largest = Math.max(largest, logits.get(row + c));
      }
      double sum = 0;
      for (int c = 0; c < classes; c++) {
        sum += Math.exp(logits.get(row + c) - largest);
      }
      for (int c = 0; c < classes; c++) {
        double log = logits.get(row + c) - largest - Math.log(sum);
        loss -= target(smoothing, classes, label, c) * log;
      }
    }
    int items = counted(ignore, labels);
    return items == 0 ? 0 : loss / items;
  }

  /// dx, which holds the softmax, becomes dloss·(softmax − q)/items.
  private static void crossEntropyGrad(
      double smoothing, int ignore, double dloss, Numbers labels, Numbers dx) {
    int classes = dx.dim(1);
    int items = counted(ignore, labels);
    for (int n = 0; n < dx.dim(0); n++) {
      int label = (int) labels.get(n);
      for (int c = 0; c < classes; c++) {
        long at = (long) n * classes + c;
        double off = dx.get(at) - target(smoothing, classes, label, c);
        dx.set(at, label == ignore ? 0 : dloss * off / items);
      }
    }
  }

  /// q[c], the probability that class c should have.
  private static double target(double smoothing, int classes, int label, int c) {
    if (label < 0 || label >= classes) {
      return Double.NaN;
    }
    return (c == label ? 1 - smoothing : 0) + smoothing / classes;
  }

  private static int counted(int ignore, Numbers labels) {
    int items = 0;
    for (long n = 0; n < labels.size(); n++) {
      items += (int) labels.get(n) == ignore ? 0 : 1;
    }
    return items;
  }
}
