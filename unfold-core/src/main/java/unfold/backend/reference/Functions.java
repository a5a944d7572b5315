package unfold.backend.reference;

import unfold.op.Activation;
import unfold.op.Pointwise.BinaryFunction;
import unfold.op.Pointwise.Relation;
import unfold.op.Pointwise.UnaryFunction;

/// Functions of one or two numbers.
final class Functions {
  private Functions() {}

  static double activate(Activation f, double x) {
    return switch (f.kind()) {
      case IDENTITY -> x;
      case RELU -> Math.max(x, 0);
      case LEAKY_RELU -> x > 0 ? x : f.alpha() * x;
      case RELU6 -> relu6(x);
      case ELU -> x > 0 ? x : f.alpha() * Math.expm1(x);
      case GELU -> x * normal(x);
      case SILU -> x * sigmoid(x);
      case HARD_SWISH -> x * relu6(x + 3) / 6;
      case HARD_SIGMOID -> relu6(x + 3) / 6;
      case SIGMOID -> sigmoid(x);
      case TANH -> Math.tanh(x);
      case SOFTPLUS -> Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)));
    };
  }

  /// The derivative of an activation; `known` is its value where the derivative follows from that
  /// ([Activation#differentiableFromOutput]), else its argument. At a kink it is the one from the
  /// left (RELU, RELU6 at 0), and 0 at the right end of RELU6.
  static double slope(Activation f, double known) {
    return switch (f.kind()) {
      case IDENTITY -> 1;
      case RELU -> known > 0 ? 1 : 0;
      case LEAKY_RELU -> known > 0 ? 1 : f.alpha();
      case RELU6 -> known > 0 && known < 6 ? 1 : 0;
      case ELU -> known > 0 ? 1 : known + f.alpha();
      case GELU -> normal(known) + known * Math.exp(-known * known / 2) / Math.sqrt(2 * Math.PI);
      case SILU -> sigmoid(known) * (1 + known * (1 - sigmoid(known)));
      case HARD_SWISH -> known <= -3 ? 0 : known < 3 ? known / 3 + 0.5 : 1;
      case HARD_SIGMOID -> known > -3 && known < 3 ? 1.0 / 6 : 0;
      case SIGMOID -> known * (1 - known);
      case TANH -> 1 - known * known;
      case SOFTPLUS -> sigmoid(known);
    };
  }

  static double unary(UnaryFunction f, double x) {
    return switch (f) {
      case NEGATE -> -x;
      case ABS -> Math.abs(x);
      case EXP -> Math.exp(x);
      case LOG -> Math.log(x);
      case SQRT -> Math.sqrt(x);
      case RECIPROCAL -> 1 / x;
      case SQUARE -> x * x;
      case SIGN -> Math.signum(x);
    };
  }

  static double binary(BinaryFunction f, double a, double b) {
    return switch (f) {
      case ADD -> a + b;
      case SUBTRACT -> a - b;
      case MULTIPLY -> a * b;
      case DIVIDE -> a / b;
      case MAXIMUM -> Math.max(a, b);
      case MINIMUM -> Math.min(a, b);
      case POWER -> Math.pow(a, b);
    };
  }

  static boolean holds(Relation relation, double a, double b) {
    return switch (relation) {
      case LESS -> a < b;
      case LESS_EQUAL -> a <= b;
      case EQUAL -> a == b;
      case NOT_EQUAL -> a != b;
      case GREATER -> a > b;
      case GREATER_EQUAL -> a >= b;
    };
  }

  static double sigmoid(double x) {
    return 1 / (1 + Math.exp(-x));
  }

  private static double relu6(double x) {
    return Math.min(Math.max(x, 0), 6);
  }

  /// Φ(x), the normal distribution function.
  private static double normal(double x) {
    return (1 + erf(x / Math.sqrt(2))) / 2;
  }

  /// erf(x) = 2/√π · e^(−x²) · Σ 2ⁿ·x^(2n+1) / (1·3·…·(2n+1)): all terms have one sign, so nothing
  /// cancels.
  static double erf(double x) {
    if (Math.abs(x) > 6) {
      return Math.signum(x); // 1 − erf(6) = 2e−17 is below half a unit in the last place
    }
    double term = x;
    double sum = x;
    for (int n = 1; Math.abs(term) > 1e-17 * Math.abs(sum); n++) {
      term *= 2 * x * x / (2 * n + 1);
      sum += term;
    }
    return 2 / Math.sqrt(Math.PI) * Math.exp(-x * x) * sum;
  }
}
