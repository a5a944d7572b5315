package unfold.graph;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import unfold.error.GraphException;
import unfold.tensor.TensorType;

/// Checks what every graph must obey: values are assigned once and before use, types are what the
/// ops infer, names are unique, updates fit the state they replace.
public final class Verifier {
  private final Graph graph;
  private final String stage;
  private final Map<Integer, Value> defined = new HashMap<>();

  private Verifier(Graph graph, String stage) {
    this.graph = graph;
    this.stage = stage;
  }

  /// @param stage what made the graph, for the message ("pass fuse-batch-norm")
  /// @throws GraphException that shows the neighbourhood
  public static void verify(Graph graph, String stage) {
    new Verifier(graph, stage).run();
  }

  private void run() {
    var names = new HashSet<String>();
    for (var input : graph.inputs()) {
      define(input.value(), -1);
      require(names.add(input.name()), -1, () -> "two inputs are named " + input.name());
    }
    for (int i = 0; i < graph.nodes().size(); i++) {
      node(graph.nodes().get(i), i);
    }
    var resultNames = new HashSet<String>();
    for (var r : graph.results()) {
      use(r.value(), -1, "result " + r.name());
      require(resultNames.add(r.name()), -1, () -> "two results are named " + r.name());
    }
    var updated = new HashSet<String>();
    var states = new HashMap<String, TensorType>();
    graph.states().forEach(state -> states.put(state.name(), state.value().type()));
    for (var u : graph.updates()) {
      use(u.value(), -1, "update " + u.state());
      TensorType had = states.get(u.state());
      if (had == null) {
        throw new GraphException(complaint(-1, "there is no state " + u.state() + " to update"));
      }
      require(
          had.equals(u.value().type()),
          -1,
          () -> "state " + u.state() + " is " + had + ", its update " + u.value().type());
      require(updated.add(u.state()), -1, () -> "state " + u.state() + " is updated twice");
    }
  }

  private void node(Node node, int at) {
    for (Value v : node.inputs()) {
      use(v, at, node.op().name());
    }
    List<TensorType> inferred;
    try {
      inferred = node.op().infer(node.inputs().stream().map(Value::type).toList());
    } catch (RuntimeException e) {
      throw new GraphException(complaint(at, e.getMessage()), e);
    }
    var declared = node.outputs().stream().map(Value::type).toList();
    require(
        inferred.equals(declared),
        at,
        () -> "declares " + declared + ", but the op infers " + inferred);
    for (Value v : node.outputs()) {
      define(v, at);
    }
  }

  private void define(Value v, int at) {
    require(defined.put(v.id(), v) == null, at, () -> v + " is assigned twice");
  }

  private void use(Value v, int at, String user) {
    Value known = defined.get(v.id());
    if (known == null) {
      throw new GraphException(complaint(at, user + " uses " + v + " before it is assigned"));
    }
    require(
        v.equals(known),
        at,
        () -> user + " sees " + v + " as " + v.type() + ", it is " + known.type());
  }

  private void require(boolean ok, int at, Supplier<String> problem) {
    if (!ok) {
      throw new GraphException(complaint(at, problem.get()));
    }
  }

  private String complaint(int at, String problem) {
    String head = "after " + stage + ", graph " + graph.name() + " is broken: " + problem;
    if (at < 0) {
      return head;
    }
    int from = Math.max(0, at - 3);
    int to = Math.min(graph.nodes().size(), at + 3);
    var around =
        graph.nodes().subList(from, to).stream()
            .map(n -> (n == graph.nodes().get(at) ? "> " : "  ") + n)
            .collect(Collectors.joining("\n"));
    return head + "\n" + around;
  }
}
