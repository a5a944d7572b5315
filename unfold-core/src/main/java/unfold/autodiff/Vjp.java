package unfold.autodiff;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;
import unfold.error.GraphException;
import unfold.graph.Node;
import unfold.graph.Value;
import unfold.op.Activation;
import unfold.op.Op;
import unfold.op.Pointwise.ActivateGrad;
import unfold.tensor.DType;

/// The vector–Jacobian product of one node while it is written down: what a derivative table sees.
///
/// A table reads [#dy], and gives each operand its gradient with [#give]. Operands that nobody
/// differentiates in are skipped there, so a table need not ask.
final class Vjp {
  private final Node node;
  private final Set<Value> active;
  private final Map<Value, Value> gradients;
  private final Terms terms;

  /// @param active values that depend on what is differentiated in
  /// @param gradients those known so far; contributions are added there
  Vjp(Terms terms, Node node, Set<Value> active, Map<Value, Value> gradients) {
    this.terms = terms;
    this.node = node;
    this.active = active;
    this.gradients = gradients;
  }

  Node node() {
    return node;
  }

  Value operand(int i) {
    return node.input(i);
  }

  Value result(int i) {
    return node.output(i);
  }

  /// Writes small ops where the node stands.
  Terms terms() {
    return terms;
  }

  /// Whether anybody differentiates in this operand.
  boolean wants(int i) {
    return i < node.inputs().size() && active.contains(operand(i));
  }

  /// The gradient of the main result.
  ///
  /// @throws GraphException if the loss depends on another result
  Value dy() {
    requireNoneBeyond(1);
    Value dy = gradients.get(node.output());
    if (dy == null) {
      throw new GraphException("no gradient reaches\n  " + node);
    }
    return dy;
  }

  /// The gradient of result i where the first `count` results carry one; zeros if none reaches it.
  ///
  /// @throws GraphException if the loss depends on another result
  Value dyOf(int i, int count) {
    requireNoneBeyond(count);
    Value dy = gradients.get(result(i));
    return dy != null ? dy : terms.zeros(result(i));
  }

  private void requireNoneBeyond(int count) {
    for (int i = count; i < node.outputs().size(); i++) {
      if (gradients.containsKey(result(i))) {
        throw new GraphException(
            "the loss depends on result "
                + i
                + " ("
                + result(i)
                + ") of "
                + node.op().name()
                + ", which carries no gradient; only its "
                + (count == 1 ? "main result does" : "first " + count + " do")
                + "\n  "
                + node);
      }
    }
  }

  /// The gradient in front of the activation that is fused into this node. If it does not follow
  /// from the result, the node is computed again without it.
  ///
  /// @param plain the node's op without its activation
  Value dyBefore(Activation activation, Supplier<Op> plain) {
    if (activation.isIdentity()) {
      return dy();
    }
    Value known =
        activation.differentiableFromOutput()
            ? node.output()
            : terms.all(plain.get(), node.inputs()).getFirst();
    return terms.one(new ActivateGrad(activation), dy(), known);
  }

  /// Adds to the gradient of operand i, if anybody wants it. Zeros are left out: an absent gradient
  /// costs nothing upstream.
  void give(int i, Supplier<Value> gradient) {
    if (!wants(i)) {
      return;
    }
    Value operand = operand(i);
    Value contribution = gradient.get();
    if (!contribution.type().equals(operand.type())) {
      throw new GraphException(
          "the gradient of operand "
              + i
              + " is "
              + contribution.type()
              + ", the operand "
              + operand.type()
              + "\n  "
              + node);
    }
    var constant = terms.constant(contribution);
    if (constant.isEmpty() || constant.getAsDouble() != 0) {
      gradients.merge(operand, contribution, terms::add);
    }
  }

  /// Adds to the gradients of several operands what one node computes together: result j belongs to
  /// operand `operands.get(j)`.
  void giveAll(List<Integer> operands, Supplier<List<Value>> gradients) {
    if (operands.stream().anyMatch(this::wants)) {
      List<Value> all = gradients.get();
      for (int j = 0; j < operands.size(); j++) {
        Value gradient = all.get(j);
        give(operands.get(j), () -> gradient);
      }
    }
  }

  /// The element type of an operand.
  DType dtype(int i) {
    return operand(i).type().dtype();
  }

  /// Gives every operand that is wanted the same kind of gradient.
  void giveEach(Function<Integer, Value> gradient) {
    for (int i = 0; i < node.inputs().size(); i++) {
      int operand = i;
      give(i, () -> gradient.apply(operand));
    }
  }

  /// @throws GraphException since nobody can differentiate this node once more
  void refuse(String why) {
    throw new GraphException(node.op().name() + " " + why + "\n  " + node);
  }
}
