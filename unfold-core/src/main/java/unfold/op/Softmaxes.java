package unfold.op;

import java.util.List;
import org.jspecify.annotations.Nullable;
import unfold.tensor.DType;
import unfold.tensor.Shape;
import unfold.tensor.TensorType;

/// Softmax, its logarithm, and the classification loss on top of it.
public sealed interface Softmaxes extends Op {

  /// y = eˣ / Σ eˣ along an axis (the largest x is subtracted first).
  record Softmax(int axis) implements Softmaxes {
    @Override
    public String name() {
      return "softmax";
    }

    @Override
    public Attributes attributes() {
      return Attributes.of().with("axis", axis);
    }

    @Override
    public List<TensorType> infer(List<TensorType> operands) {
      return List.of(along(Operands.of(this, operands, "x"), axis));
    }
  }

  /// The gradient of [Softmax]: dx = y·(dy − Σ dy·y). Operands: dy, y.
  record SoftmaxGrad(int axis) implements Softmaxes {
    @Override
    public String name() {
      return "softmax_grad";
    }

    @Override
    public Attributes attributes() {
      return Attributes.of().with("axis", axis);
    }

    @Override
    public List<TensorType> infer(List<TensorType> operands) {
      return List.of(pair(Operands.of(this, operands, "dy", "y"), axis));
    }
  }

  /// y = x − log Σ eˣ along an axis.
  record LogSoftmax(int axis) implements Softmaxes {
    @Override
    public String name() {
      return "log_softmax";
    }

    @Override
    public Attributes attributes() {
      return Attributes.of().with("axis", axis);
    }

    @Override
    public List<TensorType> infer(List<TensorType> operands) {
      return List.of(along(Operands.of(this, operands, "x"), axis));
    }
  }

  /// The gradient of [LogSoftmax]: dx = dy − eʸ·Σ dy. Operands: dy, y.
  record LogSoftmaxGrad(int axis) implements Softmaxes {
    @Override
    public String name() {
      return "log_softmax_grad";
    }

    @Override
    public Attributes attributes() {
      return Attributes.of().with("axis", axis);
    }

    @Override
    public List<TensorType> infer(List<TensorType> operands) {
      return List.of(pair(Operands.of(this, operands, "dy", "y"), axis));
    }
  }

  /// Mean over the items of −Σ_c q[c]·log softmax(x)[c], with q = (1 − smoothing)·[c = label] +
  /// smoothing/C. Items whose label is `ignore` do not count; with none left the loss is 0.
  ///
  /// Operands: logits [N×C], labels [N] i32 in 0 … C−1 or `ignore` (others give NaN). Result: the
  /// loss, a scalar (f32; f64 for f64).
  record SoftmaxCrossEntropy(double smoothing, int ignore) implements Softmaxes {
    @Override
    public String name() {
      return "softmax_cross_entropy";
    }

    @Override
    public Attributes attributes() {
      return Attributes.of().with("smoothing", smoothing).with("ignore", ignore);
    }

    @Override
    public List<TensorType> infer(List<TensorType> operands) {
      var in = Operands.of(this, operands, "logits", "labels");
      labelled(in, 0, 1);
      return List.of(new TensorType(wide(in.dtype(0)), Shape.SCALAR));
    }
  }

  /// The gradient of [SoftmaxCrossEntropy]: dx = dloss·(softmax(x) − q)/items, 0 for ignored ones.
  ///
  /// Operands: dloss (scalar), logits, labels. Result: gradient of the logits.
  record SoftmaxCrossEntropyGrad(double smoothing, int ignore) implements Softmaxes {
    @Override
    public String name() {
      return "softmax_cross_entropy_grad";
    }

    @Override
    public Attributes attributes() {
      return Attributes.of().with("smoothing", smoothing).with("ignore", ignore);
    }

    @Override
    public List<TensorType> infer(List<TensorType> operands) {
      var in = Operands.of(this, operands, "dloss", "logits", "labels");
      labelled(in, 1, 2);
      in.shape(0, Shape.SCALAR, "the loss is one number").dtype(0, wide(in.dtype(1)));
      return List.of(in.type(1));
    }
  }

  private static DType wide(DType dtype) {
    return dtype == DType.F64 ? DType.F64 : DType.F32;
  }

  private static void labelled(Operands in, int logits, int labels) {
    in.rank(logits, 2, "N×C").real(logits).dtype(labels, DType.I32);
    in.shape(
        labels, Shape.of(in.shape(logits).dim(0)), "one label for each item of " + in.show(logits));
  }

  private static TensorType along(Operands in, int axis) {
    in.real(0);
    if (axis < 0 || axis >= in.shape(0).rank()) {
      throw in.error(in.show(0) + " has no axis " + axis);
    }
    return in.type(0);
  }

  private static TensorType pair(Operands in, int axis) {
    in.shape(1, in.shape(0), "y and its gradient agree").sameDtype(0, 1);
    return along(in, axis);
  }

  static @Nullable Op read(String name, Attributes a) {
    return switch (name) {
      case "softmax" -> new Softmax(a.integer("axis"));
      case "softmax_grad" -> new SoftmaxGrad(a.integer("axis"));
      case "log_softmax" -> new LogSoftmax(a.integer("axis"));
      case "log_softmax_grad" -> new LogSoftmaxGrad(a.integer("axis"));
      case "softmax_cross_entropy" ->
          new SoftmaxCrossEntropy(a.real("smoothing"), a.integer("ignore"));
      case "softmax_cross_entropy_grad" ->
          new SoftmaxCrossEntropyGrad(a.real("smoothing"), a.integer("ignore"));
      default -> null;
    };
  }
}
