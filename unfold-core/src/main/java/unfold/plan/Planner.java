package unfold.plan;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import unfold.backend.Backend;
import unfold.error.PlanException;
import unfold.graph.Graph;
import unfold.graph.Layers;
import unfold.graph.Node;
import unfold.graph.Value;

/// Makes plans.
public final class Planner {
  private final List<Backend> backends;
  private final PlanOptions options;

  /// @param backends in order of preference
  public Planner(List<Backend> backends, PlanOptions options) {
    this.backends = List.copyOf(backends);
    this.options = options;
  }

  /// @throws PlanException if nobody computes a node, if the plan takes more memory than the
  ///   budget, or if a value to keep does not exist
  public Plan plan(Graph graph) {
    Budget.requireLeast(graph, options.budgetBytes());
    options.chooser().begin(bytes(graph));
    try {
      Plan plan = complete(graph);
      return options.chooser().reconsiders() ? complete(graph) : plan;
    } finally {
      options.chooser().rest();
    }
  }

  private static long bytes(Graph graph) {
    var inputs = graph.inputs().stream().map(Graph.Input::value);
    var results = graph.nodes().stream().flatMap(n -> n.outputs().stream());
    return Stream.concat(inputs, results).mapToLong(v -> v.type().bytes()).sum();
  }

  private Plan complete(Graph graph) {
    var conversions = new Conversions(backends);
    var kernels = new Kernels(backends, options.chooser(), conversions);
    var layouts = new StateLayouts(graph, kernels, options.stateLayouts()).choose();
    var selection = new Selection(graph, kernels, layouts);
    selection.run(keep(graph));
    new StateWrites(graph, selection, kernels).add();
    var steps = new ArrayList<>(selection.prologue);
    steps.addAll(selection.steps);
    var blocks =
        Lifetimes.of(List.copyOf(selection.feeds.values()), steps, selection.prologue.size());
    long arenaBytes = Offsets.assign(blocks, options.alignmentBytes());
    var plan = new Assembly(graph, selection, steps, blocks).plan(arenaBytes, kernels, conversions);
    Budget.require(plan, options.budgetBytes());
    return plan;
  }

  /// The values that the options ask to keep.
  private Map<String, Value> keep(Graph graph) {
    var keep = new LinkedHashMap<String, Value>();
    for (String name : new TreeSet<>(options.keep())) {
      keep.put(
          name,
          Layers.output(graph, name)
              .orElseThrow(() ->
                  new PlanException(
                      "there is no value "
                          + name
                          + " to keep in "
                          + graph.name()
                          + "; its layers are "
                          + graph.nodes().stream()
                              .map(Node::scope)
                              .filter(s -> !s.isEmpty())
                              .distinct()
                              .limit(20)
                              .collect(Collectors.joining(", ")))));
    }
    return keep;
  }
}
