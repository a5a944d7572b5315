package unfold.pass;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import unfold.graph.Node;
import unfold.graph.Value;
import unfold.op.Activation;
import unfold.op.Convolution.Conv2d;
import unfold.op.Linear.MatMul;
import unfold.op.Movement.Reshape;
import unfold.op.Op;
import unfold.op.Pointwise.Binary;
import unfold.op.Pointwise.BinaryFunction;
import unfold.tensor.Shape;

/// A sum of a convolution or matrix product with one number per channel or column becomes its bias:
/// `binary(conv2d(x, w), b) f=add` → `conv2d(x, w, b)`. An activation of the sum goes along if it
/// can be differentiated from the output.
final class FuseBias {
  private FuseBias() {}

  static Pass pass() {
    return new Pass("fuse-bias", graph -> Rewriter.rewrite(graph, FuseBias::rule));
  }

  private static Optional<List<Value>> rule(Node node, Rewriter graph) {
    if (!(node.op() instanceof Binary(BinaryFunction function, Activation activation))
        || function != BinaryFunction.ADD
        || !(activation.isIdentity() || activation.differentiableFromOutput())) {
      return Optional.empty();
    }
    return biased(node.input(0), node.input(1), activation, graph)
        .or(() -> biased(node.input(1), node.input(0), activation, graph));
  }

  private static Optional<List<Value>> biased(
      Value product, Value bias, Activation activation, Rewriter graph) {
    return graph
        .producer(product)
        .filter(made -> graph.readOnce(product) && made.inputs().size() == 2)
        .flatMap(made ->
            withBias(made.op(), product.type().shape(), bias.type().shape(), activation)
                .map(op -> fused(made, op, bias, graph)));
  }

  /// The op with a bias and this activation, if the summand has a bias's shape.
  private static Optional<Op> withBias(Op op, Shape product, Shape bias, Activation activation) {
    if (op instanceof Conv2d(var window, int groups, Activation own)
        && own.isIdentity()
        && isOnePer(product.dim(1), 3, bias, product.rank())) {
      return Optional.of(new Conv2d(window, groups, activation));
    }
    if (op instanceof MatMul(boolean ta, boolean tb, var out, Activation own)
        && own.isIdentity()
        && isOnePer(product.dim(-1), 1, bias, product.rank())) {
      return Optional.of(new MatMul(ta, tb, out, activation));
    }
    return Optional.empty();
  }

  /// Whether a value has n elements along the axis that is `fromEnd` axes from the end, and 1 along
  /// all others.
  private static boolean isOnePer(int n, int fromEnd, Shape shape, int rank) {
    return shape.rank() >= fromEnd
        && shape.rank() <= rank
        && shape.dim(-fromEnd) == n
        && shape.size() == n;
  }

  private static List<Value> fused(Node product, Op op, Value bias, Rewriter graph) {
    int n = Math.toIntExact(bias.type().shape().size());
    Value flat =
        bias.type().shape().rank() == 1
            ? bias
            : graph.one(new Reshape(Shape.of(n)), product.scope(), bias);
    var operands = new ArrayList<>(product.inputs());
    operands.add(flat);
    return graph.all(op, product.scope(), operands);
  }
}
