package unfold.pass;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import unfold.graph.Node;
import unfold.graph.Value;
import unfold.op.Linear.MatMul;
import unfold.op.Lookup.Gather;
import unfold.tensor.Shape;

/// A product of rows that were looked up becomes a look-up in a product: `matmul(gather(table, i),
/// w, b)` → `gather(matmul(table, w, b), i)`. The same numbers, but each row of the table is
/// multiplied once instead of each place where it occurs, and the gradient of the weight is a
/// product over the table, too. Characters are few and occur often, so that this takes a quarter of
/// a two-layer character model's arithmetic away.
final class LookUpLast {
  /// How often a row must occur on average: a look-up of wider rows costs something, too.
  private static final int USES = 2;

  private final boolean inference;

  private LookUpLast(boolean inference) {
    this.inference = inference;
  }

  static Pass forTraining() {
    return pass(new LookUpLast(false));
  }

  /// Here the product belongs to the weights, and is computed once for all runs.
  static Pass forInference() {
    return pass(new LookUpLast(true));
  }

  private static Pass pass(LookUpLast rules) {
    return new Pass("look-up-last", graph -> Rewriter.rewrite(graph, rules::rule));
  }

  private Optional<List<Value>> rule(Node node, Rewriter graph) {
    if (!(node.op() instanceof MatMul product)
        || product.transposeA()
        || node.input(1).type().shape().rank() != 2
        || !graph.readOnce(node.input(0))) {
      return Optional.empty();
    }
    return graph
        .producer(node.input(0))
        .filter(made -> made.op() instanceof Gather && pays(made, node, graph))
        .map(made -> {
          var operands = new ArrayList<>(node.inputs());
          operands.set(0, made.input(0));
          Value table = graph.all(product, node.scope(), operands).getFirst();
          return List.of(graph.one(made.op(), made.scope(), table, made.input(1)));
        });
  }

  private boolean pays(Node gather, Node product, Rewriter graph) {
    Shape table = gather.input(0).type().shape();
    if (gather.input(1).type().shape().size() >= (long) USES * table.dim(0)) {
      return true;
    }
    // A parameter times a parameter, no larger than the weight it takes the place of.
    return inference
        && table.dim(0) <= table.dim(1)
        && product.inputs().stream().skip(1).allMatch(v -> graph.producer(v).isEmpty())
        && graph.producer(gather.input(0)).isEmpty();
  }
}
