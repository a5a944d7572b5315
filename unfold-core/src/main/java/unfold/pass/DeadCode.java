package unfold.pass;

import java.util.ArrayList;
import java.util.HashSet;
import unfold.graph.Graph;
import unfold.graph.Node;

/// Removes nodes from which no result and no update follows. Inputs stay, read or not.
final class DeadCode {
  private DeadCode() {}

  static Pass pass() {
    return new Pass("dead-code", DeadCode::remove);
  }

  static Graph remove(Graph graph) {
    var needed = new HashSet<>();
    graph.results().forEach(r -> needed.add(r.value()));
    graph.updates().forEach(u -> needed.add(u.value()));
    var kept = new ArrayList<Node>();
    for (Node node : graph.nodes().reversed()) {
      if (node.outputs().stream().anyMatch(needed::contains)) {
        needed.addAll(node.inputs());
        kept.add(node);
      }
    }
    return new Graph(
        graph.name(), graph.inputs(), kept.reversed(), graph.results(), graph.updates());
  }
}
