package unfold.autodiff;

import java.util.OptionalDouble;
import unfold.graph.Value;
import unfold.op.Activation;
import unfold.op.Pointwise.Activate;
import unfold.op.Pointwise.BinaryFunction;
import unfold.op.Pointwise.Compare;
import unfold.op.Pointwise.Relation;
import unfold.op.Pointwise.UnaryFunction;
import unfold.tensor.Shape;

/// The derivatives that take several small ops: powers, and the second derivatives of activations,
/// which a gradient penalty needs.
final class Curvature {
  private static final double INVERSE_ROOT_TWO_PI = 1 / Math.sqrt(2 * Math.PI);

  private Curvature() {}

  /// ∂(aᵇ)/∂a = b·aᵇ⁻¹, and 0 where b is 0 (also at a = 0).
  static Value powerInBase(Vjp vjp) {
    Terms terms = vjp.terms();
    Value a = vjp.operand(0);
    Value b = vjp.operand(1);
    OptionalDouble exponent = terms.constant(b);
    Value slope = terms.multiply(b, terms.binary(BinaryFunction.POWER, a, terms.affine(b, 1, -1)));
    if (exponent.isPresent() && exponent.getAsDouble() != 0) {
      return slope;
    }
    Shape shape = slope.type().shape();
    Value constant =
        terms.one(new Compare(Relation.EQUAL), terms.broadcast(b, shape), terms.zeros(slope));
    return terms.select(constant, terms.zeros(slope), slope);
  }

  /// ∂(aᵇ)/∂b = aᵇ·log a, and 0 where a is 0 and b ≥ 0.
  ///
  /// @param power aᵇ
  static Value powerInExponent(Vjp vjp, Value power) {
    Terms terms = vjp.terms();
    Value a = vjp.operand(0);
    Value b = vjp.operand(1);
    Value slope = terms.multiply(power, terms.unary(UnaryFunction.LOG, a));
    Shape shape = slope.type().shape();
    Value flat =
        terms.multiply(
            terms.holds(Relation.EQUAL, a, terms.zeros(a)),
            terms.holds(Relation.GREATER_EQUAL, b, terms.zeros(b)));
    Value still =
        terms.one(new Compare(Relation.GREATER), terms.broadcast(flat, shape), terms.zeros(slope));
    return terms.select(still, terms.zeros(slope), slope);
  }

  /// What [unfold.op.Pointwise.ActivateGrad] passes back to its second operand, `known`: u·g·c,
  /// with u its result's gradient, g its first operand, and c the derivative of its factor in
  /// `known`.
  static Value ofActivation(Activation activation, Vjp vjp) {
    Terms terms = vjp.terms();
    Value known = vjp.operand(1);
    return switch (activation.kind()) {
      case IDENTITY, RELU, LEAKY_RELU, RELU6, HARD_SIGMOID -> terms.zeros(known);
      // the factor is y + α below 0 and 1 above
      case ELU -> times(vjp, terms.holds(Relation.LESS, known, terms.zeros(known)));
      // y·(1 − y)
      case SIGMOID -> times(vjp, terms.affine(known, -2, 1));
      // 1 − y²
      case TANH -> times(vjp, terms.scale(known, -2));
      // σ(x)
      case SOFTPLUS -> times(vjp, bell(terms, sigmoid(terms, known)));
      // σ + x·σ·(1 − σ), whose derivative is σ·(1 − σ)·(2 + x·(1 − 2σ))
      case SILU -> {
        Value s = sigmoid(terms, known);
        Value tilt = terms.multiply(known, terms.affine(s, -2, 1));
        yield times(vjp, terms.multiply(bell(terms, s), terms.affine(tilt, 1, 2)));
      }
      // (2x + 3)/6 between −3 and 3
      case HARD_SWISH -> {
        Value inside =
            terms.holds(
                Relation.LESS, terms.unary(UnaryFunction.ABS, known), terms.fill(known.type(), 3));
        yield times(vjp, terms.scale(inside, 1 / 3.0));
      }
      // Φ + x·φ, whose derivative is φ·(2 − x²)
      case GELU -> {
        Value square = terms.unary(UnaryFunction.SQUARE, known);
        Value density = terms.unary(UnaryFunction.EXP, terms.scale(square, -0.5));
        Value bend = terms.multiply(density, terms.affine(square, -1, 2));
        yield times(vjp, terms.scale(bend, INVERSE_ROOT_TWO_PI));
      }
    };
  }

  private static Value times(Vjp vjp, Value slope) {
    Terms terms = vjp.terms();
    return terms.multiply(terms.multiply(vjp.dy(), vjp.operand(0)), slope);
  }

  private static Value sigmoid(Terms terms, Value x) {
    return terms.one(new Activate(Activation.SIGMOID), x);
  }

  /// σ·(1 − σ).
  private static Value bell(Terms terms, Value s) {
    return terms.multiply(s, terms.affine(s, -1, 1));
  }
}
