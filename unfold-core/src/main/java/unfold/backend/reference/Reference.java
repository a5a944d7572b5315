package unfold.backend.reference;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import unfold.error.InputException;
import unfold.graph.Graph;
import unfold.graph.Value;
import unfold.op.Op;
import unfold.tensor.Tensor;
import unfold.tensor.TensorType;

/// What an op or a graph means, computed without a plan: tensors in, new tensors out.
public final class Reference {
  private Reference() {}

  /// What a graph computes: its results and the new values of its states, by name.
  public record Outcome(Map<String, Tensor> results, Map<String, Tensor> updates) {
    /// The result of this name.
    public Tensor result(String name) {
      return named(results, name, "result");
    }

    /// The new value of the state of this name.
    public Tensor update(String name) {
      return named(updates, name, "update");
    }
  }

  /// The results of an op. Computed in double, rounded once to the result's element type.
  ///
  /// @throws unfold.error.ShapeException if the operands do not fit the op
  public static List<Tensor> evaluate(Op op, List<Tensor> operands) {
    var types = op.infer(operands.stream().map(Tensor::type).toList());
    var in = new ArrayList<Numbers>();
    for (Tensor t : operands) {
      Numbers x = Numbers.zeros(t.shape());
      Place.of(t).decode(x);
      in.add(x);
    }
    var out = types.stream().map(t -> Numbers.zeros(t.shape())).toList();
    Kernels.run(op, in, out);
    var results = new ArrayList<Tensor>();
    for (int i = 0; i < types.size(); i++) {
      results.add(encoded(types.get(i), out.get(i)));
    }
    return List.copyOf(results);
  }

  /// Interprets a graph node by node; every value is rounded to its element type.
  ///
  /// @param inputs feeds and states by name
  /// @throws InputException if one is missing or of another type
  public static Outcome evaluate(Graph graph, Map<String, Tensor> inputs) {
    var values = new HashMap<Value, Tensor>();
    for (var input : graph.inputs()) {
      Tensor t = named(inputs, input.name(), "input");
      if (!t.type().equals(input.value().type())) {
        throw new InputException(
            "input "
                + input.name()
                + " is "
                + t.type()
                + ", but graph "
                + graph.name()
                + " needs "
                + input.value().type());
      }
      values.put(input.value(), t);
    }
    for (var node : graph.nodes()) {
      var operands = new ArrayList<Tensor>();
      for (Value v : node.inputs()) {
        operands.add(known(values, v));
      }
      var results = evaluate(node.op(), operands);
      for (int i = 0; i < results.size(); i++) {
        values.put(node.output(i), results.get(i));
      }
    }
    var results = new LinkedHashMap<String, Tensor>();
    graph.results().forEach(r -> results.put(r.name(), known(values, r.value())));
    var updates = new LinkedHashMap<String, Tensor>();
    graph.updates().forEach(u -> updates.put(u.state(), known(values, u.value())));
    return new Outcome(results, updates);
  }

  private static Tensor encoded(TensorType type, Numbers numbers) {
    Tensor t = Tensor.zeros(type);
    Place.of(t).encode(numbers);
    return t;
  }

  private static Tensor known(Map<Value, Tensor> values, Value v) {
    return named(values, v, "value");
  }

  private static <K> Tensor named(Map<K, Tensor> from, K name, String what) {
    Tensor t = from.get(name);
    if (t == null) {
      throw new InputException("there is no " + what + " " + name + " among " + from.keySet());
    }
    return t;
  }
}
