package unfold.pass;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import unfold.graph.Graph;
import unfold.graph.GraphBuilder;
import unfold.graph.Value;
import unfold.op.Activation;
import unfold.op.Convolution.Conv2d;
import unfold.op.Linear.MatMul;
import unfold.op.Lookup.Fill;
import unfold.op.Movement.Concat;
import unfold.op.Movement.Reshape;
import unfold.op.Movement.Slice;
import unfold.op.Movement.Transpose;
import unfold.op.Movement.Unslice;
import unfold.op.Normalization.BatchNormInference;
import unfold.op.Normalization.BatchNormTrain;
import unfold.op.Op;
import unfold.op.Pointwise.Activate;
import unfold.op.Pointwise.Affine;
import unfold.op.Pointwise.Binary;
import unfold.op.Pointwise.BinaryFunction;
import unfold.op.Pointwise.Unary;
import unfold.op.Pointwise.UnaryFunction;
import unfold.op.Pooling.AdaptiveAveragePool2d;
import unfold.op.Pooling.AveragePool2d;
import unfold.op.Pooling.MaxPool2d;
import unfold.op.Randomness.Dropout;
import unfold.op.Randomness.Grain;
import unfold.op.Reduction.Fold;
import unfold.op.Reduction.Reduce;
import unfold.op.Window;
import unfold.random.Stream;
import unfold.tensor.DType;
import unfold.tensor.Shape;
import unfold.tensor.TensorType;

/// Networks of the layers that passes look for, wired at random: results are used again, weights
/// shared, sums and concats of anything that fits.
final class RandomNetwork {
  private static final int LAYERS = 14;
  private static final List<Activation> ACTIVATIONS =
      List.of(
          Activation.RELU,
          Activation.TANH,
          Activation.SILU,
          Activation.GELU,
          Activation.IDENTITY,
          Activation.leakyRelu(0.2));

  private final Stream random;
  private final DType real;
  private final GraphBuilder graph;
  private final List<Value> values = new ArrayList<>();
  private final List<Value> weights = new ArrayList<>();
  private final List<String> parameters = new ArrayList<>();
  private int names;

  private RandomNetwork(long seed, DType real) {
    this.random = Stream.of(seed, "network", 0);
    this.real = real;
    this.graph = new GraphBuilder("random" + seed);
  }

  /// A network, and what to differentiate its `loss` in.
  record Made(Graph graph, List<String> parameters) {}

  static Made make(long seed, DType real) {
    return new RandomNetwork(seed, real).make();
  }

  private Made make() {
    values.add(graph.feed("x", new TensorType(real, Shape.of(2, 3, 6, 6))));
    Value key = graph.feed("key", TensorType.of(DType.I32, 4));
    for (int i = 0; i < LAYERS; i++) {
      String scope = "n" + i;
      Value x = values.get(values.size() - 1 - random.nextInt(Math.min(3, values.size())));
      values.add(layer(x, key, scope));
    }
    Value last = values.getLast();
    Value flat = one(new Reduce(Fold.MEAN, List.of(2, 3), false, real), "head", last);
    Value w = parameter(Shape.of(4, flat.type().shape().dim(1)));
    Value y = one(new MatMul(false, true, real), "head", flat, w);
    Value biased = one(new Binary(BinaryFunction.ADD), "head", y, parameter(Shape.of(4)));
    Value square = one(new Unary(UnaryFunction.SQUARE), "loss", biased);
    graph.result("y", biased);
    graph.result("loss", one(new Reduce(Fold.MEAN, List.of(0, 1), false, real), "loss", square));
    return new Made(graph.build(), parameters);
  }

  private Value layer(Value x, Value key, String scope) {
    int channels = x.type().shape().dim(1);
    int height = x.type().shape().dim(2);
    return switch (random.nextInt(14)) {
      case 0, 1 -> convolution(x, scope);
      case 2 -> biased(convolution(x, scope), scope);
      case 3, 4 -> normalized(convolution(x, scope), scope);
      case 5 -> one(new Activate(pick(ACTIVATIONS)), scope, x);
      case 6 -> {
        Value y = normalized(x, scope);
        yield one(new Activate(pick(ACTIVATIONS)), scope, one(sum(), scope, y, like(y, scope)));
      }
      case 7 -> one(sum(), scope, like(x, scope), convolutionTo(channels, x, scope));
      case 8 -> height < 4 ? x : pooled(one(new Activate(pick(ACTIVATIONS)), scope, x), scope);
      case 9 -> one(new Concat(1), scope, x, like(x, scope));
      case 10 -> one(new Dropout(0.3, random.nextInt(3), Grain.ELEMENT), scope, x, key);
      case 11 -> arithmetic(x, scope);
      case 12 -> halves(x, scope);
      default -> {
        Value turned = one(new Transpose(List.of(0, 1, 3, 2)), scope, x);
        Value flat = one(new Reshape(Shape.of((int) x.type().shape().size())), scope, turned);
        yield one(
            new Transpose(List.of(0, 1, 3, 2)),
            scope,
            one(new Reshape(turned.type().shape()), scope, flat));
      }
    };
  }

  private Value convolution(Value x, String scope) {
    return convolutionTo(2 + random.nextInt(2), x, scope);
  }

  private Value convolutionTo(int out, Value x, String scope) {
    int in = x.type().shape().dim(1);
    boolean depthwise = out == in && random.nextInt(3) == 0;
    Value w = parameter(Shape.of(out, depthwise ? 1 : in, 3, 3));
    return one(new Conv2d(Window.of(1, 1), depthwise ? in : 1), scope, x, w);
  }

  private Value biased(Value x, String scope) {
    int channels = x.type().shape().dim(1);
    Value b = one(new Reshape(Shape.of(channels, 1, 1)), scope, parameter(Shape.of(channels)));
    return one(new Binary(BinaryFunction.ADD, pick(ACTIVATIONS)), scope, x, b);
  }

  private Value normalized(Value x, String scope) {
    var c = Shape.of(x.type().shape().dim(1));
    Value scale = parameter(c);
    Value shift = parameter(c);
    names++;
    Value mean = graph.state("mean" + names, new TensorType(real, c));
    Value variance = graph.state("var" + names, new TensorType(real, c));
    if (random.nextInt(3) == 0) {
      var op = new BatchNormInference(0.01, Activation.IDENTITY);
      return one(op, scope, x, scale, shift, mean, variance);
    }
    var op = new BatchNormTrain(0.01, 0.1, Activation.IDENTITY);
    var made = graph.add(op, List.of(x, scale, shift, mean, variance), scope);
    graph.update("mean" + names, made.get(3));
    graph.update("var" + names, made.get(4));
    return made.getFirst();
  }

  private Value pooled(Value x, String scope) {
    return switch (random.nextInt(3)) {
      case 0 -> one(new MaxPool2d(2, 2, Window.of(2, 0)), scope, x);
      case 1 -> one(new AveragePool2d(2, 2, Window.of(2, 0), true), scope, x);
      default -> one(new AdaptiveAveragePool2d(2, 3), scope, x);
    };
  }

  private Value arithmetic(Value x, String scope) {
    Value two = one(new Fill(new TensorType(real, Shape.SCALAR), 2), scope);
    Value scaled = one(new Binary(BinaryFunction.MULTIPLY), scope, x, two);
    Value half = one(new Affine(0.25, 0.5), scope, scaled);
    return one(new Binary(BinaryFunction.SUBTRACT), scope, two, half);
  }

  /// x in two halves along the height, put together again by a sum.
  private Value halves(Value x, String scope) {
    Shape shape = x.type().shape();
    int cut = shape.dim(2) / 2;
    var ones = Collections.nCopies(4, 1);
    var upper = new Slice(List.of(0, 0, 0, 0), shape.with(2, cut).toList(), ones);
    var lower = new Slice(List.of(0, 0, cut, 0), shape.with(2, shape.dim(2) - cut).toList(), ones);
    Value below = one(new Unslice(List.of(0, 0, cut, 0), ones, shape), scope, one(lower, scope, x));
    Value above = one(new Unslice(List.of(0, 0, 0, 0), ones, shape), scope, one(upper, scope, x));
    return one(sum(), scope, below, above);
  }

  /// An earlier value of the same type, or a changed copy.
  private Value like(Value x, String scope) {
    var same = values.stream().filter(v -> v.type().equals(x.type())).toList();
    return same.isEmpty() ? one(new Affine(-0.5, 0.1), scope, x) : pick(same);
  }

  private Value parameter(Shape shape) {
    var same = weights.stream().filter(v -> v.type().shape().equals(shape)).toList();
    if (!same.isEmpty() && random.nextInt(5) == 0) {
      return pick(same);
    }
    String name = "p" + ++names;
    Value p = graph.state(name, new TensorType(real, shape));
    parameters.add(name);
    weights.add(p);
    return p;
  }

  private static Op sum() {
    return new Binary(BinaryFunction.ADD);
  }

  private Value one(Op op, String scope, Value... operands) {
    return graph.one(op, scope, operands);
  }

  private <T> T pick(List<T> from) {
    return from.get(random.nextInt(from.size()));
  }
}
