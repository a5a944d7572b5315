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
import unfold.op.Normalization.BatchNormInference;
import unfold.op.Op;
import unfold.op.Pointwise.Affine;
import unfold.op.Pointwise.Binary;
import unfold.op.Pointwise.BinaryFunction;
import unfold.op.Pointwise.Unary;
import unfold.op.Pointwise.UnaryFunction;
import unfold.tensor.Shape;

/// Batch normalisation with given statistics behind a convolution or matrix product goes into its
/// weights and bias: with f = scale/√(var + ε), w′ = f·w and b′ = f·(b − mean) + shift.
///
/// The new weights are small ops on states, which the planner runs only when the states change.
/// Activation and addend of the normalisation go along.
final class FoldBatchNorm {
  private FoldBatchNorm() {}

  static Pass pass() {
    return new Pass("fold-batch-norm", graph -> Rewriter.rewrite(graph, FoldBatchNorm::rule));
  }

  private static Optional<List<Value>> rule(Node node, Rewriter graph) {
    if (!(node.op() instanceof BatchNormInference norm) || !graph.readOnce(node.input(0))) {
      return Optional.empty();
    }
    return graph
        .producer(node.input(0))
        .filter(made -> made.inputs().size() == 2 || made.inputs().size() == 3)
        .filter(made -> made.input(1).type().dtype() == node.input(1).type().dtype())
        .flatMap(made -> folded(norm, node, made, graph));
  }

  private static Optional<List<Value>> folded(
      BatchNormInference norm, Node node, Node made, Rewriter graph) {
    boolean addend = node.inputs().size() > 5;
    int channels = node.input(1).type().shape().dim(0);
    if (made.op() instanceof Conv2d(var window, int groups, Activation own) && own.isIdentity()) {
      var op = new Conv2d(window, groups, norm.activation());
      return Optional.of(written(op, Shape.of(channels, 1, 1, 1), norm, node, made, graph));
    }
    if (made.op() instanceof MatMul(boolean ta, boolean tb, var out, Activation own)
        && own.isIdentity()
        && !addend
        && node.output().type().shape().rank() == 2) {
      var op = new MatMul(ta, tb, out, norm.activation());
      Shape perColumn = tb ? Shape.of(channels, 1) : Shape.of(1, channels);
      return Optional.of(written(op, perColumn, norm, node, made, graph));
    }
    return Optional.empty();
  }

  /// @param perChannel a shape in which one number per channel stretches over the weights
  private static List<Value> written(
      Op op, Shape perChannel, BatchNormInference norm, Node node, Node made, Rewriter graph) {
    String scope = node.scope();
    Value scale = node.input(1);
    Value shift = node.input(2);
    Value mean = node.input(3);
    Value shifted = graph.one(new Affine(1, norm.epsilon()), scope, node.input(4));
    Value deviation = graph.one(new Unary(UnaryFunction.SQRT), scope, shifted);
    Value factor = graph.one(new Binary(BinaryFunction.DIVIDE), scope, scale, deviation);
    Value w =
        graph.one(
            new Binary(BinaryFunction.MULTIPLY),
            scope,
            made.input(1),
            graph.one(new Reshape(perChannel), scope, factor));
    Value moved =
        made.inputs().size() > 2
            ? graph.one(new Binary(BinaryFunction.SUBTRACT), scope, mean, made.input(2))
            : mean;
    Value bias =
        graph.one(
            new Binary(BinaryFunction.SUBTRACT),
            scope,
            shift,
            graph.one(new Binary(BinaryFunction.MULTIPLY), scope, moved, factor));
    var operands = new ArrayList<>(List.of(made.input(0), w, bias));
    operands.addAll(node.inputs().subList(5, node.inputs().size()));
    return graph.all(op, made.scope(), operands);
  }
}
