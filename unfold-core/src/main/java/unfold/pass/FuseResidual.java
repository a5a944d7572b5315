package unfold.pass;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;
import unfold.graph.Node;
import unfold.graph.Value;
import unfold.op.Activation;
import unfold.op.Convolution.Conv2d;
import unfold.op.Lookup.Fill;
import unfold.op.Normalization.BatchNormInference;
import unfold.op.Normalization.BatchNormTrain;
import unfold.op.Op;
import unfold.op.Pointwise.Binary;
import unfold.op.Pointwise.BinaryFunction;
import unfold.tensor.TensorType;

/// The sum at the end of a residual block goes into the op that made one of its operands:
/// `binary(batch_norm_train(x, …), shortcut) f=add act=relu` → `batch_norm_train(x, …, shortcut)
/// act=relu`.
final class FuseResidual {
  /// The op with an addend and this activation, if the node can take one.
  private final BiFunction<Node, Activation, Optional<Op>> accepts;

  private FuseResidual(BiFunction<Node, Activation, Optional<Op>> accepts) {
    this.accepts = accepts;
  }

  /// Into batch normalisation.
  static Pass forTraining() {
    return pass("fuse-residual", FuseResidual::normalization);
  }

  /// Into batch normalisation and convolution.
  static Pass forInference() {
    return pass(
        "fuse-any-residual",
        (node, activation) ->
            normalization(node, activation).or(() -> convolution(node, activation)));
  }

  private static Pass pass(String name, BiFunction<Node, Activation, Optional<Op>> accepts) {
    var fusion = new FuseResidual(accepts);
    return new Pass(name, graph -> Rewriter.rewrite(graph, fusion::rule));
  }

  private static Optional<Op> normalization(Node node, Activation activation) {
    if (node.inputs().size() != 5) {
      return Optional.empty();
    }
    if (node.op() instanceof BatchNormTrain(double epsilon, double momentum, Activation own)
        && own.isIdentity()
        && (activation.isIdentity() || activation.differentiableFromOutput())) {
      return Optional.of(new BatchNormTrain(epsilon, momentum, activation));
    }
    return node.op() instanceof BatchNormInference(double epsilon, Activation own)
            && own.isIdentity()
        ? Optional.of(new BatchNormInference(epsilon, activation))
        : Optional.empty();
  }

  private static Optional<Op> convolution(Node node, Activation activation) {
    return node.op() instanceof Conv2d(var window, int groups, Activation own)
            && own.isIdentity()
            && node.inputs().size() < 4
        ? Optional.of(new Conv2d(window, groups, activation))
        : Optional.empty();
  }

  private Optional<List<Value>> rule(Node node, Rewriter graph) {
    if (!(node.op() instanceof Binary(BinaryFunction function, Activation activation))
        || function != BinaryFunction.ADD
        || !node.input(0).type().equals(node.input(1).type())) {
      return Optional.empty();
    }
    return into(node.input(0), node.input(1), activation, graph)
        .or(() -> into(node.input(1), node.input(0), activation, graph));
  }

  private Optional<List<Value>> into(
      Value summand, Value addend, Activation activation, Rewriter graph) {
    if (!graph.readOnce(summand)) {
      return Optional.empty();
    }
    return graph
        .producer(summand)
        .filter(made -> made.outputs().stream().skip(1).allMatch(v -> graph.readers(v) == 0))
        .flatMap(made -> accepts.apply(made, activation).map(op -> fused(made, op, addend, graph)));
  }

  private static List<Value> fused(Node made, Op op, Value addend, Rewriter graph) {
    var operands = new ArrayList<>(made.inputs());
    if (op instanceof Conv2d && operands.size() == 2) {
      Value w = made.input(1);
      var bias = TensorType.of(w.type().dtype(), w.type().shape().dim(0));
      operands.add(graph.one(new Fill(bias, 0), made.scope()));
    }
    operands.add(addend);
    var outputs = graph.all(op, made.scope(), operands);
    for (int i = 1; i < outputs.size(); i++) {
      graph.replace(made.output(i), outputs.get(i));
    }
    return outputs;
  }
}
