package unfold.pass;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import unfold.graph.Node;
import unfold.graph.Value;
import unfold.op.Activation;
import unfold.op.Pointwise.Binary;
import unfold.op.Pointwise.BinaryFunction;

/// Summands of a kind, found along chains of sums and joined into one: what gradients of values
/// that are used many times consist of.
///
/// @param <T> what a summand is, or several joined ones
abstract class JoinSums<T> {
  /// What was joined so far, by the value that stands for it.
  private final Map<Value, T> joined = new HashMap<>();

  /// The summand that a value is, if it is one.
  abstract Optional<T> summand(Value value, Rewriter graph);

  /// Two summands as one, if they fit. `b` was added after `a`.
  abstract Optional<T> join(T a, T b);

  /// Writes the sum of joined summands.
  abstract Value write(T summand, String scope, Rewriter graph);

  /// At a sum: its operands if both are summands, else the newest one with a summand that was added
  /// just before.
  final Optional<List<Value>> rule(Node node, Rewriter graph) {
    if (!isSum(node)) {
      return Optional.empty();
    }
    Value a = node.input(0);
    Value b = node.input(1);
    return both(a, b, node.scope(), graph)
        .or(() -> withLast(a, b, node.scope(), graph))
        .or(() -> withLast(b, a, node.scope(), graph))
        .map(List::of);
  }

  private static boolean isSum(Node node) {
    return node.op() instanceof Binary(BinaryFunction function, Activation activation)
        && function == BinaryFunction.ADD
        && activation.isIdentity()
        && node.input(0).type().equals(node.input(1).type());
  }

  private Optional<Value> both(Value a, Value b, String scope, Rewriter graph) {
    return own(a, graph)
        .flatMap(first -> own(b, graph).flatMap(second -> join(first, second)))
        .map(both -> {
          Value sum = write(both, scope, graph);
          joined.put(sum, both);
          return sum;
        });
  }

  /// (rest + last) + newest = rest + (last + newest).
  private Optional<Value> withLast(Value chain, Value newest, String scope, Rewriter graph) {
    return graph
        .producer(chain)
        .filter(sum -> isSum(sum) && graph.readOnce(chain))
        .flatMap(sum ->
            both(sum.input(1), newest, scope, graph)
                .map(both -> graph.one(new Binary(BinaryFunction.ADD), scope, sum.input(0), both)));
  }

  /// A summand that only the sum reads.
  private Optional<T> own(Value value, Rewriter graph) {
    // a value that this pass has just written has no readers yet
    if (graph.readers(value) > 1 || graph.isExported(value)) {
      return Optional.empty();
    }
    return Optional.ofNullable(joined.get(value)).or(() -> summand(value, graph));
  }
}
