package unfold.graph;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// A program: inputs, nodes in an order in which they can run, named results, and new values for
/// state. Made by [GraphBuilder], which verifies it.
public record Graph(
    String name, List<Input> inputs, List<Node> nodes, List<Result> results, List<Update> updates) {

  /// Who gives an input.
  public enum Role {
    /// the caller, at every run
    FEED,
    /// memory that stays between runs
    STATE
  }

  /// A named value from outside.
  public record Input(Role role, String name, Value value) {
    @Override
    public String toString() {
      return (role == Role.FEED ? "feed " : "state ") + value + " " + name + " : " + value.type();
    }
  }

  /// A named value that the caller may read after a run.
  public record Result(String name, Value value) {
    @Override
    public String toString() {
      return "result " + name + " " + value;
    }
  }

  /// The value that a state has after a run.
  public record Update(String state, Value value) {
    @Override
    public String toString() {
      return "update " + state + " " + value;
    }
  }

  public Graph {
    inputs = List.copyOf(inputs);
    nodes = List.copyOf(nodes);
    results = List.copyOf(results);
    updates = List.copyOf(updates);
  }

  public Optional<Input> input(String name) {
    return inputs.stream().filter(i -> i.name().equals(name)).findFirst();
  }

  public Optional<Value> result(String name) {
    return results.stream().filter(r -> r.name().equals(name)).map(Result::value).findFirst();
  }

  public List<Input> feeds() {
    return inputs.stream().filter(i -> i.role() == Role.FEED).toList();
  }

  public List<Input> states() {
    return inputs.stream().filter(i -> i.role() == Role.STATE).toList();
  }

  /// The node that makes each value (inputs have none).
  public Map<Value, Node> producers() {
    var map = new HashMap<Value, Node>();
    for (Node n : nodes) {
      for (Value v : n.outputs()) {
        map.put(v, n);
      }
    }
    return map;
  }

  /// The text form; [GraphParser] reads it back.
  @Override
  public String toString() {
    var text = new StringBuilder("graph ").append(name).append(" {\n");
    inputs.forEach(x -> text.append("  ").append(x).append('\n'));
    nodes.forEach(x -> text.append("  ").append(x).append('\n'));
    results.forEach(x -> text.append("  ").append(x).append('\n'));
    updates.forEach(x -> text.append("  ").append(x).append('\n'));
    return text.append("}\n").toString();
  }
}
