package unfold.trace;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import unfold.error.ShapeException;
import unfold.graph.Value;
import unfold.op.Activation;
import unfold.op.Linear.MatMul;
import unfold.op.Lookup.Fill;
import unfold.op.Lookup.Gather;
import unfold.op.Movement.Broadcast;
import unfold.op.Movement.Concat;
import unfold.op.Movement.Pad;
import unfold.op.Movement.Reshape;
import unfold.op.Movement.Slice;
import unfold.op.Movement.Transpose;
import unfold.op.Op;
import unfold.op.Pointwise.Activate;
import unfold.op.Pointwise.Affine;
import unfold.op.Pointwise.Binary;
import unfold.op.Pointwise.BinaryFunction;
import unfold.op.Pointwise.Cast;
import unfold.op.Pointwise.Compare;
import unfold.op.Pointwise.Relation;
import unfold.op.Pointwise.Select;
import unfold.op.Pointwise.Unary;
import unfold.op.Pointwise.UnaryFunction;
import unfold.op.Reduction.ArgMax;
import unfold.op.Reduction.Fold;
import unfold.op.Reduction.Reduce;
import unfold.op.Softmaxes.LogSoftmax;
import unfold.op.Softmaxes.Softmax;
import unfold.tensor.DType;
import unfold.tensor.Shape;
import unfold.tensor.TensorType;

/// A value of the program that is being traced. Its methods record ops and return their results;
/// nothing is computed yet. Operands of different shapes stretch by NumPy's rule; axes may count
/// from the end (−1 is the last).
public final class Var {
  private final Tracer tracer;
  private final Value value;

  Var(Tracer tracer, Value value) {
    this.tracer = tracer;
    this.value = value;
  }

  Tracer tracer() {
    return tracer;
  }

  public Value value() {
    return value;
  }

  public TensorType type() {
    return value.type();
  }

  public Shape shape() {
    return type().shape();
  }

  public DType dtype() {
    return type().dtype();
  }

  public int rank() {
    return shape().rank();
  }

  public int dim(int axis) {
    return shape().dim(axis);
  }

  // Arithmetic

  public Var add(Var b) {
    return binary(BinaryFunction.ADD, b);
  }

  public Var subtract(Var b) {
    return binary(BinaryFunction.SUBTRACT, b);
  }

  public Var multiply(Var b) {
    return binary(BinaryFunction.MULTIPLY, b);
  }

  public Var divide(Var b) {
    return binary(BinaryFunction.DIVIDE, b);
  }

  public Var maximum(Var b) {
    return binary(BinaryFunction.MAXIMUM, b);
  }

  public Var minimum(Var b) {
    return binary(BinaryFunction.MINIMUM, b);
  }

  public Var power(Var b) {
    return binary(BinaryFunction.POWER, b);
  }

  public Var add(double b) {
    return affine(1, b);
  }

  public Var subtract(double b) {
    return affine(1, -b);
  }

  public Var multiply(double b) {
    return affine(b, 0);
  }

  public Var divide(double b) {
    return affine(1 / b, 0);
  }

  public Var maximum(double b) {
    return maximum(constant(b));
  }

  public Var minimum(double b) {
    return minimum(constant(b));
  }

  /// scale·x + shift
  public Var affine(double scale, double shift) {
    return apply(new Affine(scale, shift));
  }

  public Var negate() {
    return unary(UnaryFunction.NEGATE);
  }

  public Var abs() {
    return unary(UnaryFunction.ABS);
  }

  public Var exp() {
    return unary(UnaryFunction.EXP);
  }

  public Var log() {
    return unary(UnaryFunction.LOG);
  }

  public Var sqrt() {
    return unary(UnaryFunction.SQRT);
  }

  public Var reciprocal() {
    return unary(UnaryFunction.RECIPROCAL);
  }

  public Var square() {
    return unary(UnaryFunction.SQUARE);
  }

  public Var sign() {
    return unary(UnaryFunction.SIGN);
  }

  // Activations

  public Var activate(Activation activation) {
    return activation.isIdentity() ? this : apply(new Activate(activation));
  }

  public Var relu() {
    return activate(Activation.RELU);
  }

  public Var sigmoid() {
    return activate(Activation.SIGMOID);
  }

  public Var tanh() {
    return activate(Activation.TANH);
  }

  public Var softplus() {
    return activate(Activation.SOFTPLUS);
  }

  public Var softmax(int axis) {
    return apply(new Softmax(axis(axis)));
  }

  public Var logSoftmax(int axis) {
    return apply(new LogSoftmax(axis(axis)));
  }

  // Products and look-ups

  /// [batch…×M×K] · [batch…×K×N], or the second without a batch.
  public Var matmul(Var b) {
    return matmul(b, false, false);
  }

  /// The same with either matrix transposed.
  public Var matmul(Var b, boolean transposeThis, boolean transposeB) {
    return apply(new MatMul(transposeThis, transposeB, dtype()), b);
  }

  /// Rows of this table [V×D] by index [any shape, i32].
  public Var gather(Var indices) {
    return apply(new Gather(), indices);
  }

  // Shape

  /// One extent may be −1: what is left.
  public Var reshape(int... dims) {
    int[] out = dims.clone();
    long known = 1;
    int open = -1;
    for (int i = 0; i < out.length; i++) {
      if (out[i] != -1) {
        known *= out[i];
      } else if (open < 0) {
        open = i;
      } else {
        throw error("reshape to " + Arrays.toString(dims) + " leaves two extents open");
      }
    }
    if (open >= 0) {
      if (known == 0 || shape().size() % known != 0) {
        throw error(
            "reshape: x ["
                + shape()
                + "] has "
                + shape().size()
                + " elements, which "
                + Arrays.toString(dims)
                + " cannot hold");
      }
      out[open] = Math.toIntExact(shape().size() / known);
    }
    Shape wanted = Shape.of(out);
    return wanted.equals(shape()) ? this : apply(new Reshape(wanted));
  }

  /// Makes one axis of all from `axis` on.
  public Var flatten(int axis) {
    var dims = new ArrayList<>(shape().toList().subList(0, axis(axis)));
    dims.add(-1);
    return reshape(dims.stream().mapToInt(Integer::intValue).toArray());
  }

  /// Axis i of the result is axis `order[i]` of this.
  public Var transpose(int... order) {
    return apply(new Transpose(Arrays.stream(order).map(this::axis).boxed().toList()));
  }

  public Var broadcast(Shape shape) {
    return shape.equals(shape()) ? this : apply(new Broadcast(shape));
  }

  /// `size` places along an axis from `start` on.
  public Var slice(int axis, int start, int size) {
    return slice(axis, start, size, 1);
  }

  /// `size` places along an axis from `start` on, every `step`-th.
  public Var slice(int axis, int start, int size, int step) {
    var starts = repeat(0);
    var sizes = new ArrayList<>(shape().toList());
    var steps = repeat(1);
    starts.set(axis(axis), start);
    sizes.set(axis(axis), size);
    steps.set(axis(axis), step);
    return apply(new Slice(starts, sizes, steps));
  }

  /// From the first on every n-th place along each axis.
  public Var every(int... steps) {
    var sizes = new ArrayList<Integer>();
    for (int i = 0; i < rank() && i < steps.length; i++) {
      sizes.add(Math.ceilDiv(dim(i), steps[i]));
    }
    return apply(new Slice(repeat(0), sizes, Arrays.stream(steps).boxed().toList()));
  }

  /// Zeros before and after along an axis.
  public Var pad(int axis, int before, int after) {
    var first = repeat(0);
    var last = repeat(0);
    first.set(axis(axis), before);
    last.set(axis(axis), after);
    return apply(new Pad(first, last, 0));
  }

  public static Var concat(int axis, List<Var> parts) {
    Var first = parts.getFirst();
    return first
        .tracer
        .apply(new Concat(first.axis(axis)), first.tracer.current(), parts.toArray(Var[]::new))
        .getFirst();
  }

  // Reductions: without axes over all of them

  public Var sum(int... axes) {
    return reduce(Fold.SUM, false, axes);
  }

  public Var mean(int... axes) {
    return reduce(Fold.MEAN, false, axes);
  }

  public Var max(int... axes) {
    return reduce(Fold.MAX, false, axes);
  }

  public Var min(int... axes) {
    return reduce(Fold.MIN, false, axes);
  }

  /// @param keep whether folded axes stay with extent 1
  public Var reduce(Fold fold, boolean keep, int... axes) {
    IntStream chosen =
        axes.length == 0
            ? IntStream.range(0, rank())
            : Arrays.stream(axes).map(this::axis).sorted();
    return apply(new Reduce(fold, chosen.boxed().toList(), keep, dtype()));
  }

  public Var argmax(int axis) {
    return apply(new ArgMax(axis(axis)));
  }

  // Types and choices

  public Var cast(DType to) {
    return to == dtype() ? this : apply(new Cast(to));
  }

  /// u8: 1 where the relation holds.
  public Var compare(Relation relation, Var b) {
    return apply(new Compare(relation), b);
  }

  /// 1 where this is at least b, else 0, in this value's own type.
  public Var atLeast(Var b) {
    return compare(Relation.GREATER_EQUAL, b).cast(dtype());
  }

  /// 1 where this is less than b, else 0, in this value's own type.
  public Var less(double b) {
    return compare(Relation.LESS, constant(b)).cast(dtype());
  }

  /// `a` where this (u8) is not 0, else `b`.
  public Var select(Var a, Var b) {
    return apply(new Select(), a, b);
  }

  /// Adds an op whose first operand is this value and returns its first result. The node belongs to
  /// the layer that is being recorded.
  public Var apply(Op op, Var... more) {
    Var[] operands = new Var[more.length + 1];
    operands[0] = this;
    System.arraycopy(more, 0, operands, 1, more.length);
    return tracer.apply(op, tracer.current(), operands).getFirst();
  }

  private Var binary(BinaryFunction function, Var b) {
    return apply(new Binary(function), b);
  }

  private Var unary(UnaryFunction function) {
    return apply(new Unary(function));
  }

  private Var constant(double number) {
    return tracer
        .apply(new Fill(new TensorType(dtype(), Shape.SCALAR), number), tracer.current())
        .getFirst();
  }

  private ArrayList<Integer> repeat(int number) {
    return new ArrayList<>(Collections.nCopies(rank(), number));
  }

  private int axis(int axis) {
    int from0 = axis < 0 ? axis + rank() : axis;
    if (from0 < 0 || from0 >= rank()) {
      throw error("x [" + shape() + "] has no axis " + axis);
    }
    return from0;
  }

  private ShapeException error(String problem) {
    return new ShapeException(problem).at(tracer.current());
  }

  @Override
  public String toString() {
    return value + " : " + type();
  }
}
