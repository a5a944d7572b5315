package unfold.testkit;

import java.util.List;
import org.jspecify.annotations.Nullable;
import unfold.op.Op;
import unfold.op.Softmaxes.LogSoftmax;
import unfold.op.Softmaxes.LogSoftmaxGrad;
import unfold.op.Softmaxes.Softmax;
import unfold.op.Softmaxes.SoftmaxGrad;
import unfold.tensor.DType;
import unfold.tensor.Shape;

/// Softmax: the shape and `axis=`; for the loss the shape of the logits, `smoothing=`, `ignore=`,
/// `ignored=` the share of ignored labels, `outside` for labels that are no class.
final class SoftmaxSamples {
  private SoftmaxSamples() {}

  static List<String> names() {
    return """
    softmax 1x1 axis=1
    softmax 4x10 axis=1
    softmax 3x1000 axis=1
    softmax 2x37x5 axis=1
    softmax 2x6x5x7 axis=1
    softmax 37 axis=0
    softmax 300x101 axis=1
    softmax_grad 4x10 axis=1
    softmax_grad 2x37x5 axis=1
    softmax_grad 300x101 axis=1
    log_softmax 4x10 axis=1
    log_softmax 3x1000 axis=1
    log_softmax 2x6x5x7 axis=1
    log_softmax_grad 4x10 axis=1
    log_softmax_grad 2x37x5 axis=1
    softmax_cross_entropy 1x2
    softmax_cross_entropy 8x10
    softmax_cross_entropy 128x10
    softmax_cross_entropy 5x1000
    softmax_cross_entropy 300x101 smoothing=0.1 ignored=0.1
    softmax_cross_entropy 8x37 smoothing=0.1
    softmax_cross_entropy 12x10 ignored=0.4
    softmax_cross_entropy 12x10 smoothing=0.2 ignored=0.4 ignore=3
    softmax_cross_entropy 4x10 ignored=1
    softmax_cross_entropy 4x10 outside
    softmax_cross_entropy_grad 8x10
    softmax_cross_entropy_grad 128x10
    softmax_cross_entropy_grad 5x1000
    softmax_cross_entropy_grad 300x101 smoothing=0.1 ignored=0.1
    softmax_cross_entropy_grad 8x37 smoothing=0.1
    softmax_cross_entropy_grad 12x10 smoothing=0.2 ignored=0.4 ignore=3
    softmax_cross_entropy_grad 4x10 ignored=1
    softmax_cross_entropy_grad 4x10 outside
    """
        .lines()
        .toList();
  }

  static @Nullable Sample read(Words w) {
    return switch (w.op()) {
      case "softmax", "log_softmax" -> {
        Op op = Op.read(w.op(), w.settings(""));
        yield Sample.of(w, _ -> op, Operand.real("x", w.shape(0), Draw.normal(0, 3)));
      }
      case "softmax_grad" -> {
        int axis = w.integer("axis", 1);
        yield gradient(w, new SoftmaxGrad(axis), new Softmax(axis));
      }
      case "log_softmax_grad" -> {
        int axis = w.integer("axis", 1);
        yield gradient(w, new LogSoftmaxGrad(axis), new LogSoftmax(axis));
      }
      case "softmax_cross_entropy" -> {
        Op op = Op.read(w.op(), w.settings("smoothing=0 ignore=-100"));
        Sample loss = Sample.of(w, _ -> op, logits(w), labels(w));
        yield w.has("outside") ? loss.in(DType.F32, DType.BF16) : loss;
      }
      case "softmax_cross_entropy_grad" -> {
        Op op = Op.read(w.op(), w.settings("smoothing=0 ignore=-100"));
        var dloss = Operand.wide("dloss", Shape.SCALAR, Draw.value(0.75));
        yield Sample.of(w, _ -> op, dloss.constant(), logits(w).constant(), labels(w));
      }
      default -> null;
    };
  }

  private static Sample gradient(Words w, Op grad, Op forward) {
    Shape shape = w.shape(0);
    Draw y = Draw.resultOf(forward, 0, Draw.normal(0, 3), shape);
    return Sample.of(w, _ -> grad, Operand.real("dy", shape), Operand.real("y", shape, y));
  }

  private static Operand logits(Words w) {
    return Operand.real("logits", w.shape(0), Draw.normal(0, 3));
  }

  private static Operand labels(Words w) {
    int classes = w.shape(0).dim(1);
    int ignore = w.integer("ignore", -100);
    Draw labels =
        w.has("outside")
            ? Draw.integers(classes, classes + 2)
            : Draw.labels(classes, ignore, w.real("ignored", 0));
    return Operand.fixed("labels", Shape.of(w.shape(0).dim(0)), DType.I32, labels);
  }
}
