package unfold.plan;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import unfold.backend.Backend;
import unfold.backend.Call;
import unfold.backend.Layout;
import unfold.backend.Offer;
import unfold.graph.Graph;
import unfold.graph.Node;
import unfold.graph.Value;
import unfold.op.Lookup;
import unfold.op.Movement;
import unfold.tensor.DType;
import unfold.tensor.Tensor;

/// Runs a graph node by node, every value in memory of its own: what a plan must agree with.
public final class Interpreter {
  private Interpreter() {}

  /// Results by name; replaces the updated states in `inputs`.
  public static Map<String, Tensor> run(Graph graph, Backend backend, Map<String, Tensor> inputs) {
    var values = new HashMap<Value, Tensor>();
    graph.inputs().forEach(i -> values.put(i.value(), inputs.get(i.name())));
    graph.nodes().forEach(n -> node(n, backend, values));
    var results = new HashMap<String, Tensor>();
    graph.results().forEach(r -> results.put(r.name(), value(values, r.value())));
    graph.updates().forEach(u -> inputs.put(u.state(), value(values, u.value())));
    return results;
  }

  private static void node(Node n, Backend backend, Map<Value, Tensor> values) {
    if (n.op() instanceof Lookup.Fill f) {
      Tensor t = Tensor.zeros(f.type());
      for (long i = 0; i < t.size(); i++) {
        t.set(i, f.value());
      }
      values.put(n.output(), t);
      return;
    }
    if (n.op() instanceof Movement.Reshape r) {
      values.put(n.output(), value(values, n.input(0)).reshape(r.shape()));
      return;
    }
    var types = n.inputs().stream().map(Value::type).toList();
    Call call = Call.of(n.op(), types);
    var candidate =
        switch (backend.offer(call)) {
          case Offer.Accepted(var candidates) -> candidates.getFirst();
          case Offer.Declined(var reason) -> throw new AssertionError(reason);
        };
    var inputs = new ArrayList<MemorySegment>();
    for (int i = 0; i < types.size(); i++) {
      Value v = n.input(i);
      MemorySegment m = Tensor.zeros(v.type()).data();
      move(
          backend,
          value(values, v),
          Layout.rowMajor(v.type().shape()),
          m,
          candidate.inputs().get(i));
      inputs.add(m);
    }
    var outputs = new ArrayList<MemorySegment>();
    n.outputs().forEach(v -> outputs.add(Tensor.zeros(v.type()).data()));
    candidate.bind(inputs, outputs, Tensor.zeros(DType.U8, 1 << 10).data()).run();
    for (int i = 0; i < outputs.size(); i++) {
      Value v = n.output(i);
      Tensor from = Tensor.over(v.type(), outputs.get(i));
      Tensor t = Tensor.zeros(v.type());
      move(backend, from, candidate.outputs().get(i), t.data(), Layout.rowMajor(v.type().shape()));
      values.put(v, t);
    }
  }

  private static Tensor value(Map<Value, Tensor> values, Value v) {
    return Objects.requireNonNull(values.get(v));
  }

  private static void move(
      Backend backend, Tensor from, Layout fromLayout, MemorySegment to, Layout toLayout) {
    backend
        .convert(from.type(), fromLayout, from.type(), toLayout)
        .orElseThrow()
        .bind(List.of(from.data()), List.of(to), Tensor.zeros(DType.U8, 1024).data())
        .run();
  }
}
