package unfold.autodiff;

import unfold.graph.Value;
import unfold.op.Pointwise;
import unfold.op.Pointwise.Activate;
import unfold.op.Pointwise.ActivateGrad;
import unfold.op.Pointwise.Affine;
import unfold.op.Pointwise.Binary;
import unfold.op.Pointwise.BinaryFunction;
import unfold.op.Pointwise.Cast;
import unfold.op.Pointwise.Compare;
import unfold.op.Pointwise.NormalizePicture;
import unfold.op.Pointwise.Relation;
import unfold.op.Pointwise.Select;
import unfold.op.Pointwise.Unary;
import unfold.op.Pointwise.UnaryFunction;

/// Derivatives of the pointwise ops.
final class PointwiseDerivatives {
  private PointwiseDerivatives() {}

  static void derive(Pointwise op, Vjp vjp) {
    Terms terms = vjp.terms();
    switch (op) {
      case Unary(UnaryFunction function) -> vjp.give(0, () -> unary(function, vjp));
      case Activate(var activation) ->
          vjp.give(
              0,
              () ->
                  terms.one(
                      new ActivateGrad(activation),
                      vjp.dy(),
                      activation.differentiableFromOutput() ? vjp.result(0) : vjp.operand(0)));
      case ActivateGrad(var activation) -> {
        vjp.give(0, () -> terms.one(op, vjp.dy(), vjp.operand(1)));
        vjp.give(1, () -> Curvature.ofActivation(activation, vjp));
      }
      case Binary binary -> binary(binary, vjp);
      case Affine(double scale, _) -> vjp.give(0, () -> terms.scale(vjp.dy(), scale));
      case Select _ -> {
        Value condition = vjp.operand(0);
        vjp.give(1, () -> terms.select(condition, vjp.dy(), terms.zeros(vjp.dy())));
        vjp.give(2, () -> terms.select(condition, terms.zeros(vjp.dy()), vjp.dy()));
      }
      case Cast _ -> vjp.give(0, () -> terms.cast(vjp.dy(), vjp.dtype(0)));
      // results or operands that are integers carry no gradient
      case Compare _, NormalizePicture _ -> {}
    }
  }

  private static Value unary(UnaryFunction function, Vjp vjp) {
    Terms terms = vjp.terms();
    Value dy = vjp.dy();
    Value x = vjp.operand(0);
    Value y = vjp.result(0);
    return switch (function) {
      case NEGATE -> terms.negate(dy);
      case ABS -> terms.multiply(dy, terms.unary(UnaryFunction.SIGN, x));
      case EXP -> terms.multiply(dy, y);
      case LOG -> terms.divide(dy, x);
      case SQRT -> terms.scale(terms.divide(dy, y), 0.5);
      case RECIPROCAL -> terms.negate(terms.multiply(dy, terms.unary(UnaryFunction.SQUARE, y)));
      case SQUARE -> terms.scale(terms.multiply(dy, x), 2);
      case SIGN -> terms.zeros(x);
    };
  }

  /// Each operand's gradient is that of the stretched operand, summed over the stretched axes.
  private static void binary(Binary op, Vjp vjp) {
    Terms terms = vjp.terms();
    Value a = vjp.operand(0);
    Value b = vjp.operand(1);
    Value dz = vjp.dyBefore(op.activation(), () -> new Binary(op.function()));
    switch (op.function()) {
      case ADD -> {
        vjp.give(0, () -> terms.sumTo(dz, a.type()));
        vjp.give(1, () -> terms.sumTo(dz, b.type()));
      }
      case SUBTRACT -> {
        vjp.give(0, () -> terms.sumTo(dz, a.type()));
        vjp.give(1, () -> terms.negate(terms.sumTo(dz, b.type())));
      }
      case MULTIPLY -> {
        vjp.give(0, () -> terms.sumTo(terms.multiply(dz, b), a.type()));
        vjp.give(1, () -> terms.sumTo(terms.multiply(dz, a), b.type()));
      }
      case DIVIDE -> {
        vjp.give(0, () -> terms.sumTo(terms.divide(dz, b), a.type()));
        vjp.give(
            1,
            () -> {
              Value quotient = terms.divide(plain(op, vjp), b);
              return terms.negate(terms.sumTo(terms.multiply(dz, quotient), b.type()));
            });
      }
      case MAXIMUM -> extreme(Relation.GREATER, Relation.GREATER_EQUAL, dz, vjp);
      case MINIMUM -> extreme(Relation.LESS, Relation.LESS_EQUAL, dz, vjp);
      case POWER -> {
        vjp.give(0, () -> terms.sumTo(terms.multiply(dz, Curvature.powerInBase(vjp)), a.type()));
        vjp.give(
            1,
            () ->
                terms.sumTo(
                    terms.multiply(dz, Curvature.powerInExponent(vjp, plain(op, vjp))), b.type()));
      }
    }
  }

  /// The function's value without the activation.
  private static Value plain(Binary op, Vjp vjp) {
    return op.activation().isIdentity()
        ? vjp.result(0)
        : vjp.terms().binary(op.function(), vjp.operand(0), vjp.operand(1));
  }

  /// The gradient goes to the operand that won; equal ones share it evenly.
  private static void extreme(Relation wins, Relation atLeast, Value dz, Vjp vjp) {
    Terms terms = vjp.terms();
    for (int i = 0; i < 2; i++) {
      Value mine = vjp.operand(i);
      Value other = vjp.operand(1 - i);
      vjp.give(
          i,
          () -> {
            Value twice =
                terms.binary(
                    BinaryFunction.ADD,
                    terms.holds(wins, mine, other),
                    terms.holds(atLeast, mine, other));
            return terms.sumTo(terms.multiply(dz, terms.scale(twice, 0.5)), mine.type());
          });
    }
  }
}
