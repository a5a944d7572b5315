package unfold.plan;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import unfold.backend.Layout;
import unfold.graph.Graph;
import unfold.graph.Node;
import unfold.graph.Value;
import unfold.op.Updates;

/// Chooses how the states of a graph lie in memory, unless that is given.
///
/// A parameter lies as the kernel of its gradient writes the gradient, so that the update, which is
/// blind to layouts, needs no conversion; the optimiser's states lie as their parameter. All others
/// have the standard layout.
final class StateLayouts {
  private final Graph graph;
  private final Kernels kernels;
  private final Map<String, Layout> layouts;
  private final Map<Value, Node> producers;
  private final Map<Value, String> names = new HashMap<>();

  StateLayouts(Graph graph, Kernels kernels, Map<String, Layout> given) {
    this.graph = graph;
    this.kernels = kernels;
    this.layouts = new HashMap<>(given);
    this.producers = graph.producers();
    graph.states().forEach(s -> names.put(s.value(), s.name()));
  }

  Map<String, Layout> choose() {
    for (Node n : graph.nodes()) {
      if (n.op() instanceof Updates u && !(u instanceof Updates.GlobalNorm)) {
        int count = u.parameters(n.inputs().size());
        for (int i = 0; i < count; i++) {
          parameter(u, n.inputs(), i, count);
        }
      }
    }
    return layouts;
  }

  private void parameter(Updates op, List<Value> operands, int i, int count) {
    int at = op.leading() + i;
    String name = names.get(operands.get(at));
    if (name == null) {
      return;
    }
    Layout layout = layouts.get(name);
    if (layout == null) {
      layout = gradientLayout(operands.get(at + count));
      layouts.put(name, layout);
    }
    for (int kind = 0; kind < op.states(); kind++) {
      String state = names.get(operands.get(at + (2 + kind) * count));
      if (state != null) {
        layouts.putIfAbsent(state, layout);
      }
    }
  }

  /// The layout in which a gradient will be made if its operands lie in the usual way. Only weight
  /// gradients and matrix products have kernels with layouts of their own.
  private Layout gradientLayout(Value gradient) {
    Node n = producers.get(gradient);
    return n == null || !Cost.heavy(n.op())
        ? Layouts.standard(gradient.type())
        : kernels.usualLayout(n, n.outputs().indexOf(gradient));
  }
}
