package unfold.pass;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import unfold.graph.Graph;
import unfold.graph.Node;
import unfold.graph.Value;
import unfold.op.Op;
import unfold.tensor.TensorType;

/// One walk over a graph in which a rule may replace nodes. The rule sees each node with the
/// replacements of its operands in place, and everything written so far.
final class Rewriter {

  /// What to do with one node.
  @FunctionalInterface
  interface Rule {
    /// Values that stand for the node's results from here on, or empty to keep the node. Nodes in
    /// front that nobody reads any more need not be removed.
    Optional<List<Value>> rewrite(Node node, Rewriter graph);
  }

  private final List<Node> written = new ArrayList<>();
  private final Map<Value, Node> producers = new HashMap<>();
  private final Map<Value, Value> replacements = new HashMap<>();
  private final Map<Value, Integer> reads = new HashMap<>();
  private final Map<Value, Integer> exports = new HashMap<>();
  private int next;

  private Rewriter(Graph graph) {
    graph.inputs().forEach(i -> next = Math.max(next, i.value().id() + 1));
    for (Node node : graph.nodes()) {
      node.inputs().forEach(v -> reads.merge(v, 1, Integer::sum));
      node.outputs().forEach(v -> next = Math.max(next, v.id() + 1));
    }
    graph.results().forEach(r -> exports.merge(r.value(), 1, Integer::sum));
    graph.updates().forEach(u -> exports.merge(u.value(), 1, Integer::sum));
  }

  /// The graph with the rule applied to every node, without dead code.
  static Graph rewrite(Graph graph, Rule rule) {
    return DeadCode.remove(new Rewriter(graph).run(graph, rule));
  }

  private Graph run(Graph graph, Rule rule) {
    for (Node old : graph.nodes()) {
      var operands = old.inputs().stream().map(this::current).toList();
      var node = new Node(old.op(), operands, old.outputs(), old.scope());
      var instead = rule.rewrite(node, this);
      if (instead.isEmpty()) {
        write(node);
      } else {
        for (int i = 0; i < old.outputs().size(); i++) {
          replace(old.output(i), instead.get().get(i));
        }
      }
    }
    return new Graph(
        graph.name(),
        graph.inputs(),
        written,
        graph.results().stream().map(r -> new Graph.Result(r.name(), current(r.value()))).toList(),
        graph.updates().stream()
            .map(u -> new Graph.Update(u.state(), current(u.value())))
            .toList());
  }

  /// Writes a new node and returns its results.
  List<Value> all(Op op, String scope, List<Value> operands) {
    var outputs = new ArrayList<Value>();
    for (TensorType type : op.infer(operands.stream().map(Value::type).toList())) {
      outputs.add(new Value(next++, type));
    }
    write(new Node(op, operands, outputs, scope));
    return List.copyOf(outputs);
  }

  /// Writes a new node and returns its first result.
  Value one(Op op, String scope, Value... operands) {
    return all(op, scope, Arrays.asList(operands)).getFirst();
  }

  /// Lets later nodes, results and updates read another value instead of this one.
  void replace(Value old, Value by) {
    if (!old.equals(by)) {
      replacements.put(old, by);
      reads.merge(by, reads.getOrDefault(old, 0), Integer::sum);
      exports.merge(by, exports.getOrDefault(old, 0), Integer::sum);
    }
  }

  /// The node that makes a value; inputs have none.
  Optional<Node> producer(Value value) {
    return Optional.ofNullable(producers.get(value));
  }

  /// The op that makes a value, if it is of this kind.
  <T extends Op> Optional<T> madeBy(Class<T> kind, Value value) {
    return producer(value).map(Node::op).filter(kind::isInstance).map(kind::cast);
  }

  /// Whether one node is all that reads this value.
  boolean readOnce(Value value) {
    return readers(value) == 1 && !isExported(value);
  }

  /// How many operands of nodes this value is.
  int readers(Value value) {
    return reads.getOrDefault(value, 0);
  }

  /// Whether it is a result or an update.
  boolean isExported(Value value) {
    return exports.getOrDefault(value, 0) > 0;
  }

  private Value current(Value value) {
    Value now = value;
    for (Value by = replacements.get(now); by != null; by = replacements.get(now)) {
      now = by;
    }
    return now;
  }

  private void write(Node node) {
    written.add(node);
    node.outputs().forEach(v -> producers.put(v, node));
  }
}
