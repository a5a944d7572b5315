package unfold.pass;

import java.util.List;
import java.util.Optional;
import unfold.graph.Node;
import unfold.graph.Value;
import unfold.op.Activation;
import unfold.op.Normalization.BatchNormTrain;
import unfold.op.Pointwise.Activate;
import unfold.op.Pooling.MaxPool2d;

/// A rising activation in front of a max pool moves behind it: max(f(x)) = f(max(x)). The pool
/// leaves a quarter of the elements or less, and the gradient of the activation is as much smaller.
///
/// Batch normalisation keeps its activation, which costs nothing there in both directions.
final class SinkActivation {
  private SinkActivation() {}

  static Pass pass() {
    return new Pass("sink-activation", graph -> Rewriter.rewrite(graph, SinkActivation::rule));
  }

  private static Optional<List<Value>> rule(Node node, Rewriter graph) {
    if (!(node.op() instanceof MaxPool2d pool) || !graph.readOnce(node.input(0))) {
      return Optional.empty();
    }
    return graph
        .producer(node.input(0))
        .filter(made ->
            made.op() instanceof Activate(Activation activation)
                && rises(activation)
                && graph.madeBy(BatchNormTrain.class, made.input(0)).isEmpty())
        .map(made -> {
          var pooled = graph.all(pool, node.scope(), List.of(made.input(0)));
          Value y = graph.one(made.op(), made.scope(), pooled.getFirst());
          return List.of(y, pooled.getLast());
        });
  }

  /// Whether x ≤ y implies f(x) ≤ f(y).
  private static boolean rises(Activation activation) {
    return switch (activation.kind()) {
      case IDENTITY, RELU, LEAKY_RELU, RELU6, ELU, HARD_SIGMOID, SIGMOID, TANH, SOFTPLUS -> true;
      case GELU, SILU, HARD_SWISH -> false;
    };
  }
}
