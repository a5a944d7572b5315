package unfold.testkit;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import unfold.autodiff.Autodiff;
import unfold.backend.reference.Reference;
import unfold.graph.Graph;
import unfold.graph.GraphBuilder;
import unfold.graph.Value;
import unfold.op.Pointwise.Binary;
import unfold.op.Pointwise.BinaryFunction;
import unfold.op.Reduction.Fold;
import unfold.op.Reduction.Reduce;
import unfold.random.Stream;
import unfold.tensor.DType;
import unfold.tensor.Tensor;

/// The derivative of a sample along one random unit direction, in double: by the gradient graph,
/// and by central differences (f(x + εv) − f(x − εv))/2ε. The loss is Σ w·y with random weights w
/// over the op's main result y.
///
/// @param gradientNorm length of the whole gradient, the yardstick for the error
public record GradientCheck(
    Sample sample, long seed, double analytic, double numeric, double gradientNorm) {
  /// Truncation grows with ε², rounding with 1/ε; at 1e-5 both stay below 1e-9 of the gradient.
  private static final double EPSILON = 1e-5;

  /// The error, as a share of the gradient's length, at which a check fails. One wrong element
  /// among n shows with about 1/n, and no sample has 100,000.
  public static final double ALLOWED = 1e-6;

  /// Whether a sample has something to check.
  public static boolean applies(Sample sample) {
    return sample.types().contains(DType.F64)
        && sample.operands().stream().anyMatch(Operand::differentiable)
        && sample.op(DType.F64).infer(sample.inputs(DType.F64)).getFirst().shape().size() > 0;
  }

  /// @throws unfold.error.GraphException if the op refuses to be differentiated
  public static GradientCheck of(Sample sample, long seed) {
    Graph forward = graph(sample);
    var names = new ArrayList<String>();
    var values = new HashMap<String, Tensor>();
    var drawn = sample.draw(DType.F64, seed);
    for (int i = 0; i < drawn.size(); i++) {
      Operand operand = sample.operands().get(i);
      values.put(operand.name(), drawn.get(i));
      if (operand.differentiable()) {
        names.add(operand.name());
      }
    }
    var weights = forward.input("weights").orElseThrow().value().type();
    var random = Stream.of(seed, sample.name() + " weights", 0);
    values.put("weights", Draw.normal().draw(random, weights, List.of()));

    var direction = direction(sample, names, values, seed);
    Graph backward = Autodiff.differentiate(forward, "loss", names);
    var gradients = Reference.evaluate(backward, values);
    double analytic = 0;
    double squares = 0;
    for (String name : names) {
      Tensor g = gradients.result("d:" + name);
      Tensor v = Objects.requireNonNull(direction.get(name));
      for (long i = 0; i < g.size(); i++) {
        analytic += g.get(i) * v.get(i);
        squares += g.get(i) * g.get(i);
      }
    }
    double numeric =
        (loss(forward, values, direction, EPSILON) - loss(forward, values, direction, -EPSILON))
            / (2 * EPSILON);
    return new GradientCheck(sample, seed, analytic, numeric, Math.sqrt(squares));
  }

  /// |analytic − numeric| as a share of the gradient's length.
  public double error() {
    double error = Math.abs(analytic - numeric);
    return error == 0 ? 0 : error / Math.max(gradientNorm, Math.abs(numeric));
  }

  public boolean passes() {
    return error() <= ALLOWED;
  }

  @Override
  public String toString() {
    return "gradient of '%s', seed %d: by autodiff %.12g, by differences %.12g, error %.2g of |g| = %.4g"
        .formatted(sample.name(), seed, analytic, numeric, error(), gradientNorm);
  }

  private static Graph graph(Sample sample) {
    var b = new GraphBuilder("check");
    var operands = new ArrayList<Value>();
    for (Operand o : sample.operands()) {
      operands.add(b.state(o.name(), o.type(DType.F64)));
    }
    Value y = b.add(sample.op(DType.F64), operands, "").getFirst();
    Value weights = b.state("weights", y.type());
    Value weighted = b.one(new Binary(BinaryFunction.MULTIPLY), "", y, weights);
    var axes = new ArrayList<Integer>();
    for (int axis = 0; axis < y.type().shape().rank(); axis++) {
      axes.add(axis);
    }
    b.result("loss", b.one(new Reduce(Fold.SUM, axes, false, DType.F64), "", weighted));
    return b.build();
  }

  /// A random vector of length 1 over all elements of the named values.
  private static Map<String, Tensor> direction(
      Sample sample, List<String> names, Map<String, Tensor> values, long seed) {
    var direction = new HashMap<String, Tensor>();
    double squares = 0;
    for (String name : names) {
      var random = Stream.of(seed, sample.name() + " direction " + name, 0);
      var type = Objects.requireNonNull(values.get(name)).type();
      Tensor v = Draw.normal().draw(random, type, List.of());
      for (long i = 0; i < v.size(); i++) {
        squares += v.get(i) * v.get(i);
      }
      direction.put(name, v);
    }
    for (Tensor v : direction.values()) {
      for (long i = 0; i < v.size(); i++) {
        v.set(i, v.get(i) / Math.sqrt(squares));
      }
    }
    return direction;
  }

  private static double loss(
      Graph graph, Map<String, Tensor> values, Map<String, Tensor> direction, double step) {
    var moved = new HashMap<>(values);
    direction.forEach((name, v) -> {
      Tensor x = Objects.requireNonNull(values.get(name)).copy();
      for (long i = 0; i < x.size(); i++) {
        x.set(i, x.get(i) + step * v.get(i));
      }
      moved.put(name, x);
    });
    return Reference.evaluate(graph, moved).result("loss").get(0);
  }
}
