package unfold.pass;

import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import unfold.graph.Node;
import unfold.graph.Value;
import unfold.op.Lookup.Fill;
import unfold.op.Movement;
import unfold.op.Movement.Broadcast;
import unfold.op.Movement.Concat;
import unfold.op.Movement.Pad;
import unfold.op.Movement.Reshape;
import unfold.op.Movement.Slice;
import unfold.op.Movement.Transpose;
import unfold.op.Movement.Unslice;
import unfold.op.Pointwise;
import unfold.op.Pointwise.Activate;
import unfold.op.Pointwise.ActivateGrad;
import unfold.op.Pointwise.Affine;
import unfold.op.Pointwise.Binary;
import unfold.op.Pointwise.BinaryFunction;
import unfold.op.Pointwise.Cast;
import unfold.op.Pointwise.Compare;
import unfold.op.Pointwise.NormalizePicture;
import unfold.op.Pointwise.Select;
import unfold.op.Pointwise.Unary;
import unfold.op.Pointwise.UnaryFunction;
import unfold.op.Reduction.Fold;
import unfold.op.Reduction.Reduce;
import unfold.tensor.Bf16;
import unfold.tensor.DType;
import unfold.tensor.Shape;

/// Arithmetic on constants that are one number throughout ([Fill]) is done while rewriting, rounded
/// to the type of each result as a kernel would.
final class FoldConstants {
  private FoldConstants() {}

  static Pass pass() {
    return new Pass("fold-constants", graph -> Rewriter.rewrite(graph, FoldConstants::rule));
  }

  private static Optional<List<Value>> rule(Node node, Rewriter graph) {
    if (node.inputs().isEmpty() || node.outputs().size() > 1) {
      return Optional.empty();
    }
    var numbers = new double[node.inputs().size()];
    for (int i = 0; i < numbers.length; i++) {
      var fill = graph.madeBy(Fill.class, node.input(i));
      if (fill.isEmpty()) {
        return Optional.empty();
      }
      numbers[i] = rounded(fill.get().value(), node.input(i).type().dtype());
    }
    var type = node.output().type();
    var value = value(node, numbers);
    return value.isPresent() && type.dtype().isFloat()
        ? Optional.of(
            List.of(
                graph.one(
                    new Fill(type, rounded(value.getAsDouble(), type.dtype())), node.scope())))
        : Optional.empty();
  }

  private static OptionalDouble value(Node node, double[] x) {
    if (node.op() instanceof Movement movement) {
      return switch (movement) {
        case Reshape _, Transpose _, Broadcast _, Slice _ -> OptionalDouble.of(x[0]);
        case Concat _, Unslice _, Pad _ -> OptionalDouble.empty();
      };
    }
    if (node.op() instanceof Pointwise pointwise) {
      return switch (pointwise) {
        case Cast _ -> OptionalDouble.of(x[0]);
        case Affine(double scale, double shift) -> OptionalDouble.of(scale * x[0] + shift);
        case Unary(UnaryFunction function) -> OptionalDouble.of(unary(function, x[0]));
        case Binary(BinaryFunction function, var activation) when activation.isIdentity() ->
            OptionalDouble.of(binary(function, x[0], x[1]));
        case Binary _, Activate _, ActivateGrad _, Compare _, Select _, NormalizePicture _ ->
            OptionalDouble.empty();
      };
    }
    return node.op() instanceof Reduce(Fold fold, var axes, _, _)
        ? OptionalDouble.of(
            fold == Fold.SUM ? x[0] * count(node.input(0).type().shape(), axes) : x[0])
        : OptionalDouble.empty();
  }

  private static double unary(UnaryFunction function, double x) {
    return switch (function) {
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

  private static double binary(BinaryFunction function, double a, double b) {
    return switch (function) {
      case ADD -> a + b;
      case SUBTRACT -> a - b;
      case MULTIPLY -> a * b;
      case DIVIDE -> a / b;
      case MAXIMUM -> Math.max(a, b);
      case MINIMUM -> Math.min(a, b);
      case POWER -> Math.pow(a, b);
    };
  }

  private static double count(Shape shape, List<Integer> axes) {
    double n = 1;
    for (int axis : axes) {
      n *= shape.dim(axis);
    }
    return n;
  }

  private static double rounded(double value, DType dtype) {
    return switch (dtype) {
      case F32 -> (float) value;
      case BF16 -> Bf16.round((float) value);
      case F64, I32, U8 -> value;
    };
  }
}
