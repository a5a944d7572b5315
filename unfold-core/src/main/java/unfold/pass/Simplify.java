package unfold.pass;

import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
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
import unfold.op.Op;
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
import unfold.op.Pooling.AdaptiveAveragePool2d;
import unfold.op.Pooling.AdaptiveAveragePool2dGrad;
import unfold.op.Pooling.AdaptiveMaxPool2dGrad;
import unfold.op.Pooling.AveragePool2d;
import unfold.op.Pooling.AveragePool2dGrad;
import unfold.op.Pooling.MaxPool2dGrad;
import unfold.op.Randomness.Dropout;
import unfold.op.Reduction.Fold;
import unfold.op.Reduction.Reduce;
import unfold.op.Window;
import unfold.tensor.DType;
import unfold.tensor.Shape;

/// Algebra on one op and its operands: what does nothing goes, two of a kind become one, arithmetic
/// with one number becomes [Affine], adaptive pooling that tiles evenly becomes plain pooling.
final class Simplify {
  private final Node node;
  private final Rewriter graph;

  private Simplify(Node node, Rewriter graph) {
    this.node = node;
    this.graph = graph;
  }

  static Pass pass() {
    return new Pass(
        "simplify",
        graph ->
            Rewriter.rewrite(graph, (node, at) -> new Simplify(node, at).simpler().map(List::of)));
  }

  private Optional<Value> simpler() {
    if (node.op() instanceof Pointwise op) {
      return pointwise(op);
    }
    if (node.op() instanceof Movement op) {
      return movement(op);
    }
    if (node.op() instanceof AdaptiveAveragePool2d pool) {
      return adaptive(pool);
    }
    if (node.op() instanceof Reduce reduce) {
      return reduce(reduce);
    }
    return node.op() instanceof Dropout dropout && dropout.rate() == 0
        ? Optional.of(x())
        : Optional.empty();
  }

  private Optional<Value> pointwise(Pointwise op) {
    return switch (op) {
      case Unary(UnaryFunction f) when f == UnaryFunction.NEGATE ->
          inner(Unary.class).filter(op::equals).map(_ -> operandOf(x()));
      case Activate(var activation) when activation.isIdentity() -> Optional.of(x());
      case ActivateGrad(var activation) when activation.isIdentity() -> Optional.of(x());
      case Affine(double scale, double shift) -> {
        if (scale == 1 && shift == 0) {
          yield Optional.of(x());
        }
        yield inner(Affine.class).map(_ -> affine(x(), scale, shift));
      }
      case Cast(DType to) -> cast(to);
      case Select _ -> number(node.input(0)).map(condition -> node.input(condition != 0 ? 1 : 2));
      case Binary binary when binary.activation().isIdentity() -> binary(binary.function());
      case Unary _, Activate _, ActivateGrad _, Binary _, Compare _, NormalizePicture _ ->
          Optional.empty();
    };
  }

  /// A cast to the type it has, and a cast of a cast that lost nothing.
  private Optional<Value> cast(DType to) {
    if (x().type().dtype() == to) {
      return Optional.of(x());
    }
    return inner(Cast.class)
        .filter(_ -> isExact(operandOf(x()).type().dtype(), x().type().dtype()))
        .map(_ ->
            operandOf(x()).type().dtype() == to
                ? operandOf(x())
                : graph.one(new Cast(to), node.scope(), operandOf(x())));
  }

  private static boolean isExact(DType from, DType to) {
    return switch (from) {
      case F64 -> to == DType.F64;
      case F32, I32 -> to == DType.F64 || to == from;
      case BF16, U8 -> to == DType.F64 || to == DType.F32 || to == from;
    };
  }

  private Optional<Value> binary(BinaryFunction function) {
    Value a = node.input(0);
    Value b = node.input(1);
    Shape shape = node.output().type().shape();
    var left = b.type().shape().equals(shape) ? number(a) : Optional.<Double>empty();
    var right = a.type().shape().equals(shape) ? number(b) : Optional.<Double>empty();
    return switch (function) {
      case ADD -> right.map(c -> affine(a, 1, c)).or(() -> left.map(c -> affine(b, 1, c)));
      case SUBTRACT -> right.map(c -> affine(a, 1, -c)).or(() -> left.map(c -> affine(b, -1, c)));
      case MULTIPLY -> right.map(c -> affine(a, c, 0)).or(() -> left.map(c -> affine(b, c, 0)));
      case DIVIDE -> right.filter(Simplify::isPowerOfTwo).map(c -> affine(a, 1 / c, 0));
      case POWER -> right.flatMap(c -> power(a, c));
      case MAXIMUM, MINIMUM -> Optional.empty();
    };
  }

  private Optional<Value> power(Value a, double exponent) {
    if (exponent == 1) {
      return Optional.of(a);
    }
    return exponent == 2
        ? Optional.of(graph.one(new Unary(UnaryFunction.SQUARE), node.scope(), a))
        : Optional.empty();
  }

  /// Then 1/c has no rounding error.
  private static boolean isPowerOfTwo(double c) {
    return c != 0 && Math.abs(c) == Math.scalb(1.0, Math.getExponent(c));
  }

  private Optional<Value> movement(Movement op) {
    if (changesNothing(op)) {
      return Optional.of(x());
    }
    return switch (op) {
      case Reshape _ -> inner(Reshape.class).map(_ -> graph.one(op, node.scope(), operandOf(x())));
      case Broadcast _ ->
          inner(Broadcast.class).map(_ -> graph.one(op, node.scope(), operandOf(x())));
      case Transpose(List<Integer> order) ->
          inner(Transpose.class)
              .map(first -> {
                var both = order.stream().map(first.order()::get).toList();
                return inOrder(both)
                    ? operandOf(x())
                    : graph.one(new Transpose(both), node.scope(), operandOf(x()));
              });
      case Concat _, Slice _, Unslice _, Pad _ -> Optional.empty();
    };
  }

  /// Whether the result is the first operand as it is.
  private boolean changesNothing(Movement op) {
    boolean sameShape = x().type().equals(node.output().type());
    return switch (op) {
      case Reshape _, Broadcast _, Slice _, Unslice _, Pad _ -> sameShape;
      case Concat _ -> node.inputs().size() == 1;
      case Transpose(List<Integer> order) -> inOrder(order);
    };
  }

  private static boolean inOrder(List<Integer> order) {
    return order.equals(IntStream.range(0, order.size()).boxed().toList());
  }

  private Optional<Value> adaptive(AdaptiveAveragePool2d pool) {
    Shape shape = x().type().shape();
    int height = shape.dim(2);
    int width = shape.dim(3);
    if (pool.outH() == height && pool.outW() == width) {
      return Optional.of(x());
    }
    if (pool.outH() == 1 && pool.outW() == 1) {
      DType out = x().type().dtype();
      return Optional.of(
          graph.one(new Reduce(Fold.MEAN, List.of(2, 3), true, out), node.scope(), x()));
    }
    if (height % pool.outH() != 0 || width % pool.outW() != 0) {
      return Optional.empty();
    }
    int kernelH = height / pool.outH();
    int kernelW = width / pool.outW();
    Op plain = new AveragePool2d(kernelH, kernelW, Window.UNIT.stride(kernelH, kernelW), false);
    return Optional.of(graph.one(plain, node.scope(), x()));
  }

  /// A fold of axes of extent 1 is a reshape; a sum over positions does not care where a pool's
  /// gradient puts its numbers.
  private Optional<Value> reduce(Reduce reduce) {
    if (reduce.fold() == Fold.SUM
        && reduce.axes().containsAll(List.of(2, 3))
        && graph.producer(x()).filter(made -> keepsSums(made.op())).isPresent()) {
      return Optional.of(graph.one(reduce, node.scope(), operandOf(x())));
    }
    Shape shape = x().type().shape();
    if (reduce.axes().stream().anyMatch(axis -> shape.dim(axis) != 1)) {
      return Optional.empty();
    }
    Value y = x();
    if (!node.output().type().shape().equals(shape)) {
      y = graph.one(new Reshape(node.output().type().shape()), node.scope(), y);
    }
    return Optional.of(
        y.type().dtype() == reduce.out() ? y : graph.one(new Cast(reduce.out()), node.scope(), y));
  }

  /// Whether all that the op puts into a picture adds up to what it got. A mean that counts padding
  /// loses what falls there.
  private static boolean keepsSums(Op op) {
    return op instanceof MaxPool2dGrad
        || op instanceof AdaptiveMaxPool2dGrad
        || op instanceof AdaptiveAveragePool2dGrad
        || op instanceof AveragePool2dGrad mean && !countsPadding(mean);
  }

  private static boolean countsPadding(AveragePool2dGrad mean) {
    Window w = mean.window();
    return mean.countPadding() && w.padTop() + w.padBottom() + w.padLeft() + w.padRight() > 0;
  }

  private Value x() {
    return node.input(0);
  }

  /// The op that makes x, if it is of this kind.
  private <T extends Op> Optional<T> inner(Class<T> kind) {
    return graph.madeBy(kind, x());
  }

  private Optional<Double> number(Value value) {
    return graph.madeBy(Fill.class, value).map(Fill::value);
  }

  /// scale·x + shift, in one step also if x is such a value.
  private Value affine(Value x, double scale, double shift) {
    if (scale == 1 && shift == 0) {
      return x;
    }
    var first = graph.madeBy(Affine.class, x);
    if (first.isEmpty()) {
      return graph.one(new Affine(scale, shift), node.scope(), x);
    }
    double both = scale * first.get().shift() + shift;
    return affine(operandOf(x), scale * first.get().scale(), both);
  }

  /// The operand of the op that makes a value.
  private Value operandOf(Value value) {
    return graph.producer(value).orElseThrow().input(0);
  }
}
