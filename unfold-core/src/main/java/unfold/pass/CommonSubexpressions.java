package unfold.pass;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import unfold.graph.Graph;
import unfold.graph.Node;
import unfold.graph.Value;
import unfold.op.Op;

/// Computes the same op on the same operands once. That holds for dropout too: with the same key
/// and stream it drops the same places by definition.
final class CommonSubexpressions {
  private record Expression(Op op, List<Value> operands) {}

  private CommonSubexpressions() {}

  static Pass pass() {
    return new Pass("common-subexpressions", CommonSubexpressions::merge);
  }

  private static Graph merge(Graph graph) {
    Map<Expression, Node> known = new HashMap<>();
    return Rewriter.rewrite(
        graph,
        (node, _) ->
            Optional.ofNullable(known.putIfAbsent(new Expression(node.op(), node.inputs()), node))
                .map(Node::outputs));
  }
}
