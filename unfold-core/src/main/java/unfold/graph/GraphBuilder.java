package unfold.graph;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import unfold.error.ShapeException;
import unfold.op.Op;
import unfold.tensor.TensorType;

/// Grows a graph node by node; every node's types are inferred as it is added.
public final class GraphBuilder {
  private final String name;
  private final List<Graph.Input> inputs = new ArrayList<>();
  private final List<Node> nodes = new ArrayList<>();
  private final List<Graph.Result> results = new ArrayList<>();
  private final List<Graph.Update> updates = new ArrayList<>();
  private int next;

  public GraphBuilder(String name) {
    this.name = name;
  }

  /// Continues an existing graph: its values stay valid in this builder.
  public static GraphBuilder from(Graph graph) {
    var b = new GraphBuilder(graph.name());
    b.inputs.addAll(graph.inputs());
    b.nodes.addAll(graph.nodes());
    b.results.addAll(graph.results());
    b.updates.addAll(graph.updates());
    for (var i : graph.inputs()) {
      b.next = Math.max(b.next, i.value().id() + 1);
    }
    for (var n : graph.nodes()) {
      for (var v : n.outputs()) {
        b.next = Math.max(b.next, v.id() + 1);
      }
    }
    return b;
  }

  public Value feed(String name, TensorType type) {
    return input(Graph.Role.FEED, name, type);
  }

  public Value state(String name, TensorType type) {
    return input(Graph.Role.STATE, name, type);
  }

  private Value input(Graph.Role role, String name, TensorType type) {
    Value v = new Value(next++, type);
    inputs.add(new Graph.Input(role, name, v));
    return v;
  }

  /// Adds a node and returns its results.
  ///
  /// @throws ShapeException from the op's shape rule, with the scope in front
  public List<Value> add(Op op, List<Value> operands, String scope) {
    List<TensorType> types;
    try {
      types = op.infer(operands.stream().map(Value::type).toList());
    } catch (ShapeException e) {
      throw e.at(scope);
    }
    var outputs = new ArrayList<Value>();
    for (TensorType t : types) {
      outputs.add(new Value(next++, t));
    }
    nodes.add(new Node(op, operands, outputs, scope));
    return List.copyOf(outputs);
  }

  /// Adds a node and returns its first result.
  public Value one(Op op, String scope, Value... operands) {
    return add(op, Arrays.asList(operands), scope).getFirst();
  }

  public void result(String name, Value value) {
    results.add(new Graph.Result(name, value));
  }

  public void update(String state, Value value) {
    updates.add(new Graph.Update(state, value));
  }

  /// The graph so far, verified.
  public Graph build() {
    var graph = new Graph(name, inputs, nodes, results, updates);
    Verifier.verify(graph, "building");
    return graph;
  }
}
