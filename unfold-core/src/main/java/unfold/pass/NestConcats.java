package unfold.pass;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import unfold.graph.Graph;
import unfold.graph.Node;
import unfold.graph.Value;
import unfold.op.Movement.Concat;

/// A concat that begins with the operands of an earlier one begins with its result instead:
/// `concat(a, b)`, `concat(a, b, c)` → `%1 = concat(a, b)`, `concat(%1, c)`. In a dense block,
/// where every layer reads all results before it, this turns a gradient of n²/2 small sums into n
/// large ones.
final class NestConcats {
  private final List<Node> earlier = new ArrayList<>();

  private NestConcats() {}

  static Pass pass() {
    return new Pass("nest-concats", NestConcats::rewrite);
  }

  private static Graph rewrite(Graph graph) {
    return Rewriter.rewrite(graph, new NestConcats()::rule);
  }

  private Optional<List<Value>> rule(Node node, Rewriter graph) {
    if (!(node.op() instanceof Concat)) {
      return Optional.empty();
    }
    var outputs =
        longestPrefix(node).map(prefix -> graph.all(node.op(), node.scope(), rest(node, prefix)));
    // kept with all its operands, so that a longer one can find them
    var flat = new Node(node.op(), node.inputs(), outputs.orElse(node.outputs()), node.scope());
    earlier.add(flat);
    return outputs;
  }

  private Optional<Node> longestPrefix(Node node) {
    return earlier.stream()
        .filter(other -> {
          int n = other.inputs().size();
          return other.op().equals(node.op())
              && n > 1
              && n < node.inputs().size()
              && node.inputs().subList(0, n).equals(other.inputs());
        })
        .max(Comparator.comparingInt(other -> other.inputs().size()));
  }

  private static List<Value> rest(Node node, Node prefix) {
    var operands = new ArrayList<>(List.of(prefix.output()));
    operands.addAll(node.inputs().subList(prefix.inputs().size(), node.inputs().size()));
    return operands;
  }
}
