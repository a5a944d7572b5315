package unfold.autodiff;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.stream.IntStream;
import unfold.graph.Graph;
import unfold.graph.GraphBuilder;
import unfold.graph.Node;
import unfold.graph.Value;
import unfold.op.Lookup.Fill;
import unfold.op.Movement.Broadcast;
import unfold.op.Movement.Reshape;
import unfold.op.Movement.Transpose;
import unfold.op.Op;
import unfold.op.Pointwise.Affine;
import unfold.op.Pointwise.Binary;
import unfold.op.Pointwise.BinaryFunction;
import unfold.op.Pointwise.Cast;
import unfold.op.Pointwise.Compare;
import unfold.op.Pointwise.Relation;
import unfold.op.Pointwise.Select;
import unfold.op.Pointwise.Unary;
import unfold.op.Pointwise.UnaryFunction;
import unfold.op.Reduction.Fold;
import unfold.op.Reduction.Reduce;
import unfold.tensor.DType;
import unfold.tensor.Shape;
import unfold.tensor.TensorType;

/// Writes small ops at one scope, and leaves out those that would do nothing: a product with one, a
/// sum with zeros, a cast to the same type. Constants are folded as they meet.
final class Terms {
  private final GraphBuilder builder;
  private final Map<Value, Node> producers;
  private final String scope;

  Terms(GraphBuilder builder, Graph graph) {
    this(builder, graph.producers(), "");
  }

  private Terms(GraphBuilder builder, Map<Value, Node> producers, String scope) {
    this.builder = builder;
    this.producers = producers;
    this.scope = scope;
  }

  Terms at(String scope) {
    return new Terms(builder, producers, scope);
  }

  List<Value> all(Op op, List<Value> operands) {
    var outputs = builder.add(op, operands, scope);
    var node = new Node(op, operands, outputs, scope);
    outputs.forEach(v -> producers.put(v, node));
    return outputs;
  }

  Value one(Op op, Value... operands) {
    return all(op, List.of(operands)).getFirst();
  }

  /// The number that all elements of a constant have.
  OptionalDouble constant(Value x) {
    Node node = producers.get(x);
    return node != null && node.op() instanceof Fill fill
        ? OptionalDouble.of(fill.value())
        : OptionalDouble.empty();
  }

  Value fill(TensorType type, double value) {
    return one(new Fill(type, value));
  }

  Value zeros(Value like) {
    return fill(like.type(), 0);
  }

  Value scale(Value x, double factor) {
    var constant = constant(x);
    if (factor == 1) {
      return x;
    }
    if (constant.isPresent()) {
      return fill(x.type(), constant.getAsDouble() * factor);
    }
    Node node = producers.get(x);
    return node != null && node.op() instanceof Affine inner && inner.shift() == 0
        ? scale(node.input(0), inner.scale() * factor)
        : one(new Affine(factor, 0), x);
  }

  Value affine(Value x, double scale, double shift) {
    return shift == 0 ? scale(x, scale) : one(new Affine(scale, shift), x);
  }

  Value negate(Value x) {
    return scale(x, -1);
  }

  Value add(Value a, Value b) {
    var left = constant(a);
    if (left.isPresent() && stretchesTo(a, b)) {
      return affine(b, 1, left.getAsDouble());
    }
    var right = constant(b);
    if (right.isPresent() && stretchesTo(b, a)) {
      return affine(a, 1, right.getAsDouble());
    }
    return binary(BinaryFunction.ADD, a, b);
  }

  Value subtract(Value a, Value b) {
    return binary(BinaryFunction.SUBTRACT, a, b);
  }

  Value multiply(Value a, Value b) {
    var left = constant(a);
    if (left.isPresent() && stretchesTo(a, b)) {
      return scale(b, left.getAsDouble());
    }
    var right = constant(b);
    if (right.isPresent() && stretchesTo(b, a)) {
      return scale(a, right.getAsDouble());
    }
    return binary(BinaryFunction.MULTIPLY, a, b);
  }

  Value divide(Value a, Value b) {
    return binary(BinaryFunction.DIVIDE, a, b);
  }

  Value binary(BinaryFunction function, Value a, Value b) {
    return one(new Binary(function), a, b);
  }

  Value unary(UnaryFunction function, Value x) {
    return one(new Unary(function), x);
  }

  private static boolean stretchesTo(Value a, Value b) {
    return Shape.broadcast(a.type().shape(), b.type().shape()).equals(b.type().shape());
  }

  /// 1 where the relation holds, else 0, in the type of the operands.
  Value holds(Relation relation, Value a, Value b) {
    return cast(one(new Compare(relation), a, b), a.type().dtype());
  }

  Value select(Value condition, Value a, Value b) {
    return one(new Select(), condition, a, b);
  }

  Value cast(Value x, DType to) {
    if (x.type().dtype() == to) {
      return x;
    }
    var constant = constant(x);
    return constant.isPresent() && to.isFloat()
        ? fill(x.type().with(to), constant.getAsDouble())
        : one(new Cast(to), x);
  }

  Value reshape(Value x, Shape shape) {
    return x.type().shape().equals(shape) ? x : moved(x, shape, new Reshape(shape));
  }

  Value broadcast(Value x, Shape shape) {
    return x.type().shape().equals(shape) ? x : moved(x, shape, new Broadcast(shape));
  }

  private Value moved(Value x, Shape shape, Op op) {
    var constant = constant(x);
    return constant.isPresent() ? fill(x.type().with(shape), constant.getAsDouble()) : one(op, x);
  }

  /// Swaps the last two axes.
  Value transposed(Value x) {
    int rank = x.type().shape().rank();
    var order = new ArrayList<>(IntStream.range(0, rank).boxed().toList());
    Collections.swap(order, rank - 2, rank - 1);
    return one(new Transpose(order), x);
  }

  /// Sums along axes, which are dropped.
  Value sum(Value x, List<Integer> axes, DType out) {
    return axes.isEmpty() ? cast(x, out) : one(new Reduce(Fold.SUM, axes, false, out), x);
  }

  /// Sums along axes, which stay with extent 1.
  Value sumKeeping(Value x, List<Integer> axes) {
    return axes.isEmpty() ? x : one(new Reduce(Fold.SUM, axes, true, x.type().dtype()), x);
  }

  /// The adjoint of stretching a value of this type to x: sums over all axes that were stretched.
  Value sumTo(Value x, TensorType type) {
    Shape from = x.type().shape();
    Shape to = type.shape();
    int missing = from.rank() - to.rank();
    var axes =
        IntStream.range(0, from.rank())
            .filter(i -> i < missing || to.dim(i - missing) != from.dim(i))
            .boxed()
            .toList();
    return reshape(sum(x, axes, type.dtype()), to);
  }

  /// All axes of a value but the given ones.
  static List<Integer> axesWithout(Value x, int... kept) {
    return IntStream.range(0, x.type().shape().rank())
        .filter(i -> IntStream.of(kept).noneMatch(k -> k == i))
        .boxed()
        .toList();
  }
}
