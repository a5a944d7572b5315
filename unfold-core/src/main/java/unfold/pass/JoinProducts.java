package unfold.pass;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import unfold.graph.Value;
import unfold.op.Activation;
import unfold.op.Linear.MatMul;
import unfold.op.Movement.Concat;
import unfold.tensor.DType;

/// A sum of products Aᵀ·B becomes one product of all rows: a₁ᵀ·b₁ + a₂ᵀ·b₂ = [a₁; a₂]ᵀ·[b₁; b₂].
/// The gradient of a weight that every step of time uses is such a sum; one product of T·N rows
/// takes the place of T products of N rows and T passes over the weight.
final class JoinProducts extends JoinSums<JoinProducts.Product> {

  /// All rows of both sides, oldest step first.
  record Product(DType out, List<Value> a, List<Value> b) {
    Product {
      a = List.copyOf(a);
      b = List.copyOf(b);
    }
  }

  private JoinProducts() {}

  static Pass pass() {
    return new Pass("join-products", graph -> Rewriter.rewrite(graph, new JoinProducts()::rule));
  }

  @Override
  Optional<Product> summand(Value value, Rewriter graph) {
    return graph
        .producer(value)
        .filter(node ->
            node.op() instanceof MatMul(boolean ta, boolean tb, _, Activation activation)
                && ta
                && !tb
                && activation.isIdentity()
                && node.inputs().size() == 2
                && value.type().shape().rank() == 2
                && isSmall(node.input(0), value))
        .map(node ->
            new Product(value.type().dtype(), List.of(node.input(0)), List.of(node.input(1))));
  }

  /// Whether copying the rows of A and B beside others costs less than a pass over their product.
  private static boolean isSmall(Value a, Value product) {
    long rows = a.type().shape().dim(0);
    long m = product.type().shape().dim(0);
    long n = product.type().shape().dim(1);
    return rows * (m + n) <= 2 * m * n;
  }

  /// Gradients are added from the last step to the first.
  @Override
  Optional<Product> join(Product later, Product earlier) {
    return Optional.of(
        new Product(later.out(), joined(earlier.a(), later.a()), joined(earlier.b(), later.b())));
  }

  private static List<Value> joined(List<Value> first, List<Value> second) {
    var all = new ArrayList<>(first);
    all.addAll(second);
    return all;
  }

  @Override
  Value write(Product product, String scope, Rewriter graph) {
    Value a = graph.all(new Concat(0), scope, product.a()).getFirst();
    Value b = graph.all(new Concat(0), scope, product.b()).getFirst();
    return graph.one(new MatMul(true, false, product.out()), scope, a, b);
  }
}
