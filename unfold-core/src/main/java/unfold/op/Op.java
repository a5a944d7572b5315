package unfold.op;

import java.util.List;
import unfold.tensor.TensorType;

/// A computation on tensors, described by its attributes. Families group ops that share a file in
/// every package: `Convolution` ops have their kernels in one place and their derivatives in one.
///
/// Shapes are logical N×C×H×W. Reals may be f64, f32 or bf16 unless an op says otherwise.
public sealed interface Op
    permits Convolution,
        Pooling,
        Normalization,
        Pointwise,
        Linear,
        Softmaxes,
        Reduction,
        Movement,
        Lookup,
        Randomness,
        Recurrence,
        Updates {

  /// The word of the text form.
  String name();

  /// The settings, in the order they print.
  Attributes attributes();

  /// Types of the results for these operands; the only shape rule of the op.
  ///
  /// @throws unfold.error.ShapeException naming the operand, both numbers and a remedy
  List<TensorType> infer(List<TensorType> operands);

  /// The op a name and attributes of the text form stand for.
  static Op read(String name, Attributes a) {
    Op op = Convolution.read(name, a);
    op = op != null ? op : Pooling.read(name, a);
    op = op != null ? op : Normalization.read(name, a);
    op = op != null ? op : Pointwise.read(name, a);
    op = op != null ? op : Linear.read(name, a);
    op = op != null ? op : Softmaxes.read(name, a);
    op = op != null ? op : Reduction.read(name, a);
    op = op != null ? op : Movement.read(name, a);
    op = op != null ? op : Lookup.read(name, a);
    op = op != null ? op : Randomness.read(name, a);
    op = op != null ? op : Recurrence.read(name, a);
    op = op != null ? op : Updates.read(name, a);
    if (op == null) {
      throw new IllegalArgumentException("unknown op '" + name + "'");
    }
    return op;
  }
}
