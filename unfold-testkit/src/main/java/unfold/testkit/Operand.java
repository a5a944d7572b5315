package unfold.testkit;

import java.util.function.UnaryOperator;
import unfold.tensor.DType;
import unfold.tensor.Shape;
import unfold.tensor.TensorType;

/// An operand of a sample.
///
/// @param dtype the element type, given the one the sample is run in
/// @param differentiable whether the gradient check varies it
public record Operand(
    String name, Shape shape, UnaryOperator<DType> dtype, Draw draw, boolean differentiable) {

  /// Of the type that the sample is run in.
  static Operand real(String name, Shape shape, Draw draw) {
    return new Operand(name, shape, real -> real, draw, true);
  }

  static Operand real(String name, Shape shape) {
    return real(name, shape, Draw.normal());
  }

  /// In at least f32.
  static Operand wide(String name, Shape shape, Draw draw) {
    return new Operand(name, shape, Operand::wide, draw, true);
  }

  /// Always of this type.
  static Operand fixed(String name, Shape shape, DType dtype, Draw draw) {
    return new Operand(name, shape, _ -> dtype, draw, false);
  }

  /// The same, left alone by the gradient check.
  Operand constant() {
    return new Operand(name, shape, dtype, draw, false);
  }

  TensorType type(DType real) {
    return new TensorType(dtype.apply(real), shape);
  }

  static DType wide(DType real) {
    return real == DType.F64 ? DType.F64 : DType.F32;
  }
}
