package unfold.pass;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import unfold.graph.Node;
import unfold.graph.Value;
import unfold.op.Linear.MatMul;
import unfold.op.Movement.Reshape;
import unfold.op.RecurrentSequence;
import unfold.op.RecurrentSequence.GruSequenceGrad;
import unfold.op.RecurrentSequence.LstmSequenceGrad;
import unfold.op.RecurrentSequence.RnnSequenceGrad;
import unfold.op.SequenceProduct.OfSteps;
import unfold.op.SequenceProduct.OverSteps;
import unfold.tensor.DType;
import unfold.tensor.Shape;

/// Products over all steps leave out what lies beyond the rows' lengths, where that changes
/// nothing: what a recurrent layer reads of its input in padding is inert, and its gradients are
/// zeros there.
///
/// `p = matmul(x, w); rnn_sequence(p, …, lengths)` → `p = sequence_product(x, w, lengths)`, if
/// nobody else reads p; with d a gradient of `rnn_sequence_grad(…, lengths)`, `matmul(d, w)` →
/// `sequence_product(d, w, lengths)` and `matmul(dᵀ, x)` → `sequence_product_sum(d, x, lengths)`.
/// The same for the other cells.
final class SkipPadding {
  private SkipPadding() {}

  static Pass pass() {
    return new Pass("skip-padding", graph -> Rewriter.rewrite(graph, SkipPadding::rule));
  }

  private static Optional<List<Value>> rule(Node node, Rewriter graph) {
    if (node.op() instanceof RecurrentSequence op) {
      return isGradient(op) ? Optional.empty() : readingLess(op, node, graph);
    }
    if (node.op() instanceof MatMul op && op.activation().isIdentity()) {
      return op.transposeA() ? overSteps(op, node, graph) : ofSteps(op, node, graph);
    }
    return Optional.empty();
  }

  private static boolean isGradient(RecurrentSequence op) {
    return op instanceof RnnSequenceGrad
        || op instanceof LstmSequenceGrad
        || op instanceof GruSequenceGrad;
  }

  /// The layer on a p that has only what it reads.
  private static Optional<List<Value>> readingLess(
      RecurrentSequence op, Node node, Rewriter graph) {
    if (node.inputs().size() <= op.lengthsOperand() || !graph.readOnce(node.input(0))) {
      return Optional.empty();
    }
    Value lengths = node.input(op.lengthsOperand());
    return graph
        .producer(node.input(0))
        .filter(made -> isProductOfSteps(made))
        .map(made -> {
          var operands = new ArrayList<>(node.inputs());
          operands.set(0, product((MatMul) made.op(), made, lengths, graph));
          return graph.all(op, node.scope(), operands);
        });
  }

  private static boolean isProductOfSteps(Node node) {
    return node.op() instanceof MatMul op
        && !op.transposeA()
        && op.activation().isIdentity()
        && node.input(0).type().shape().rank() == 3
        && node.input(1).type().shape().rank() == 2;
  }

  private static Value product(MatMul op, Node node, Value lengths, Rewriter graph) {
    boolean bias = node.inputs().size() > 2;
    var operands = new ArrayList<>(node.inputs());
    operands.add(lengths);
    var instead = new OfSteps(op.transposeB(), bias, op.out());
    return graph.all(instead, node.scope(), operands).getFirst();
  }

  /// What a gradient that is zero in padding leads to.
  private static Optional<List<Value>> ofSteps(MatMul op, Node node, Rewriter graph) {
    if (!isProductOfSteps(node) || node.inputs().size() > 2) {
      return Optional.empty();
    }
    return lengthsOf(node.input(0), graph)
        .map(lengths -> List.of(product(op, node, lengths, graph)));
  }

  /// The gradient of a weight. Sums in f32 only, since it adds up in parts.
  private static Optional<List<Value>> overSteps(MatMul op, Node node, Rewriter graph) {
    if (op.transposeB() || op.out() != DType.F32) {
      return Optional.empty();
    }
    var dy = graph.producer(node.input(0)).filter(SkipPadding::isFlattening);
    return dy.flatMap(flat -> lengthsOf(flat.input(0), graph))
        .map(lengths -> {
          Value gradient = dy.get().input(0);
          Shape steps = gradient.type().shape();
          Value flat = node.input(1);
          Shape shape = Shape.of(steps.dim(0), steps.dim(1), flat.type().shape().dim(1));
          Value x = graph.one(new Reshape(shape), node.scope(), flat);
          return List.of(graph.one(new OverSteps(op.out()), node.scope(), gradient, x, lengths));
        });
  }

  /// T×N×O to T·N×O.
  private static boolean isFlattening(Node node) {
    if (!(node.op() instanceof Reshape) || node.input(0).type().shape().rank() != 3) {
      return false;
    }
    Shape to = node.output().type().shape();
    return to.rank() == 2 && to.dim(1) == node.input(0).type().shape().dim(2);
  }

  /// The lengths of a recurrent layer whose gradient this is, T×N×O.
  private static Optional<Value> lengthsOf(Value gradient, Rewriter graph) {
    return graph
        .producer(gradient)
        .filter(node ->
            node.op() instanceof RecurrentSequence op
                && isGradient(op)
                && node.inputs().size() > op.lengthsOperand()
                && gradient.type().shape().rank() == 3)
        .map(node -> node.input(((RecurrentSequence) node.op()).lengthsOperand()));
  }
}
