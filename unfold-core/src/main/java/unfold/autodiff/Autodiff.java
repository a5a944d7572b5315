package unfold.autodiff;

import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import unfold.error.GraphException;
import unfold.graph.Graph;
import unfold.graph.GraphBuilder;
import unfold.graph.Node;
import unfold.graph.Value;
import unfold.op.Convolution;
import unfold.op.Linear;
import unfold.op.Lookup;
import unfold.op.Lookup.Fill;
import unfold.op.Movement;
import unfold.op.Normalization;
import unfold.op.Pointwise;
import unfold.op.Pooling;
import unfold.op.Randomness;
import unfold.op.Recurrence;
import unfold.op.Reduction;
import unfold.op.Softmaxes;
import unfold.op.Updates;

/// Reverse-mode differentiation of a graph.
///
/// ```java
/// Graph step = Autodiff.differentiate(forward, "loss", List.of("fc.weight", "fc.bias"));
/// Value dw = step.result("d:fc.weight").orElseThrow();
/// ```
public final class Autodiff {
  private final Graph graph;
  private final GraphBuilder builder;
  private final Map<Value, Value> gradients = new HashMap<>();

  private Autodiff(Graph graph) {
    this.graph = graph;
    this.builder = GraphBuilder.from(graph);
  }

  /// The graph with one more result `d:NAME` for each name in `wrt`: the gradient of the scalar
  /// result `loss` in that feed or state, of its type; zeros if the loss does not depend on it.
  ///
  /// @throws GraphException if the loss is missing or no real scalar, if a name is missing or not
  ///   real, or if the loss depends on something that has no derivative
  public static Graph differentiate(Graph graph, String loss, List<String> wrt) {
    var autodiff = new Autodiff(graph);
    var wanted = new LinkedHashMap<String, Value>();
    wrt.forEach(name -> wanted.put(name, autodiff.input(name)));
    return autodiff.run(loss, wanted);
  }

  /// As above, in any real values of the graph, also those within it, each with a name of one's
  /// own: how much the loss changes with what a layer gives. For two of which one is made of the
  /// other, both are whole: the gradient in the first goes through the second.
  ///
  /// @throws GraphException also if a value is not of this graph
  public static Graph differentiate(Graph graph, String loss, Map<String, Value> wrt) {
    var autodiff = new Autodiff(graph);
    wrt.forEach(autodiff::require);
    return autodiff.run(loss, wrt);
  }

  private Graph run(String loss, Map<String, Value> wanted) {
    Value scalar = loss(loss);
    Set<Value> active = active(wanted.values());
    if (active.contains(scalar)) {
      var terms = new Terms(builder, graph);
      gradients.put(scalar, terms.fill(scalar.type(), 1));
      for (Node node : graph.nodes().reversed()) {
        if (node.inputs().stream().anyMatch(active::contains)
            && node.outputs().stream().anyMatch(gradients::containsKey)) {
          derive(new Vjp(terms.at(node.scope()), node, active, gradients));
        }
      }
    }
    wanted.forEach((name, value) -> {
      Value gradient = gradients.get(value);
      builder.result(
          "d:" + name, gradient != null ? gradient : builder.one(new Fill(value.type(), 0), name));
    });
    return withoutIdleGradients(builder.build());
  }

  /// The table of all tables.
  private static void derive(Vjp vjp) {
    switch (vjp.node().op()) {
      case Convolution op -> ConvolutionDerivatives.derive(op, vjp);
      case Pooling op -> PoolingDerivatives.derive(op, vjp);
      case Normalization op -> NormalizationDerivatives.derive(op, vjp);
      case Pointwise op -> PointwiseDerivatives.derive(op, vjp);
      case Linear op -> LinearDerivatives.derive(op, vjp);
      case Softmaxes op -> SoftmaxDerivatives.derive(op, vjp);
      case Reduction op -> ReductionDerivatives.derive(op, vjp);
      case Movement op -> MovementDerivatives.derive(op, vjp);
      case Lookup op -> LookupDerivatives.derive(op, vjp);
      case Randomness op -> RandomnessDerivatives.derive(op, vjp);
      case Recurrence op -> RecurrenceDerivatives.derive(op, vjp);
      case Updates op -> UpdatesDerivatives.derive(op, vjp);
    }
  }

  /// All real values that depend on the given inputs.
  private Set<Value> active(Iterable<Value> inputs) {
    var active = new HashSet<Value>();
    inputs.forEach(active::add);
    for (Node node : graph.nodes()) {
      if (node.inputs().stream().anyMatch(active::contains)) {
        node.outputs().stream().filter(v -> v.type().dtype().isFloat()).forEach(active::add);
      }
    }
    return active;
  }

  /// Drops what was written for a gradient and then simplified away. The nodes of the forward graph
  /// stay as they are.
  private Graph withoutIdleGradients(Graph grown) {
    var needed = new HashSet<Value>();
    grown.results().forEach(r -> needed.add(r.value()));
    grown.updates().forEach(u -> needed.add(u.value()));
    var forward = Set.copyOf(graph.nodes());
    var kept =
        grown.nodes().reversed().stream()
            .filter(n -> forward.contains(n) || n.outputs().stream().anyMatch(needed::contains))
            .peek(n -> needed.addAll(n.inputs()))
            .toList();
    return new Graph(
        grown.name(), grown.inputs(), kept.reversed(), grown.results(), grown.updates());
  }

  private Value loss(String name) {
    Value loss =
        graph
            .result(name)
            .orElseThrow(() ->
                new GraphException(
                    "graph "
                        + graph.name()
                        + " has no result '"
                        + name
                        + "' to differentiate; it has "
                        + graph.results().stream().map(Graph.Result::name).toList()));
    if (!loss.type().dtype().isFloat() || loss.type().shape().rank() != 0) {
      throw new GraphException(
          "result '"
              + name
              + "' is "
              + loss.type()
              + ", but only a real scalar such as f32[()] can be differentiated; reduce it first");
    }
    return loss;
  }

  private Value input(String name) {
    Value input =
        graph
            .input(name)
            .map(Graph.Input::value)
            .orElseThrow(() ->
                new GraphException(
                    "graph "
                        + graph.name()
                        + " has no input '"
                        + name
                        + "' to differentiate in; it has "
                        + graph.inputs().stream()
                            .map(Graph.Input::name)
                            .collect(Collectors.joining(", "))));
    requireReal(name, input);
    return input;
  }

  private void require(String name, Value value) {
    boolean known =
        graph.inputs().stream().anyMatch(i -> i.value().equals(value))
            || graph.nodes().stream().anyMatch(n -> n.outputs().contains(value));
    if (!known) {
      throw new GraphException(
          "graph " + graph.name() + " has no value " + value + " to differentiate in as " + name);
    }
    requireReal(name, value);
  }

  private static void requireReal(String name, Value value) {
    if (!value.type().dtype().isFloat()) {
      throw new GraphException(
          "'" + name + "' is " + value.type() + "; only real values have gradients");
    }
  }
}
