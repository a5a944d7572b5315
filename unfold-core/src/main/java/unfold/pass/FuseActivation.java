package unfold.pass;

import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import unfold.backend.Backend.Traits;
import unfold.graph.Node;
import unfold.graph.Value;
import unfold.op.Activation;
import unfold.op.Convolution;
import unfold.op.Convolution.Conv2d;
import unfold.op.Convolution.Conv2dWeightGrad;
import unfold.op.Convolution.ConvTranspose2d;
import unfold.op.Linear;
import unfold.op.Linear.MatMul;
import unfold.op.Lookup;
import unfold.op.Movement;
import unfold.op.Normalization;
import unfold.op.Normalization.BatchNormInference;
import unfold.op.Normalization.BatchNormTrain;
import unfold.op.Op;
import unfold.op.Pointwise;
import unfold.op.Pointwise.Activate;
import unfold.op.Pointwise.Binary;
import unfold.op.Pooling;
import unfold.op.Randomness;
import unfold.op.Recurrence;
import unfold.op.Reduction;
import unfold.op.Softmaxes;
import unfold.op.Updates;

/// An activation goes into the op whose result only it reads: `activate(conv2d(x, w)) act=relu` →
/// `conv2d(x, w) act=relu`; likewise for matrix products, batch normalisation and binary ops.
final class FuseActivation {
  private final Predicate<Activation> fusible;
  private final Traits traits;

  private FuseActivation(Predicate<Activation> fusible, Traits traits) {
    this.fusible = fusible;
    this.traits = traits;
  }

  /// Only where the gradient needs nothing more to be kept: activations whose derivative follows
  /// from the output, and any behind batch normalisation, whose gradient computes its argument from
  /// x again.
  static Pass forTraining(Traits traits) {
    return pass("fuse-activation", Activation::differentiableFromOutput, traits);
  }

  /// All activations.
  static Pass forInference(Traits traits) {
    return pass("fuse-any-activation", _ -> true, traits);
  }

  private static Pass pass(String name, Predicate<Activation> fusible, Traits traits) {
    var fusion = new FuseActivation(fusible, traits);
    return new Pass(name, graph -> Rewriter.rewrite(graph, fusion::rule));
  }

  private Optional<List<Value>> rule(Node node, Rewriter graph) {
    if (!(node.op() instanceof Activate(Activation activation)) || !graph.readOnce(node.input(0))) {
      return Optional.empty();
    }
    return graph
        .producer(node.input(0))
        .filter(made -> fusible.test(activation) || recovers(made))
        .filter(made -> canMove(made, graph) && pays(activation, made.op()))
        .flatMap(made -> with(activation, made.op()).map(op -> instead(made, op, graph)));
  }

  private static boolean recovers(Node made) {
    return made.op() instanceof BatchNormTrain && made.inputs().size() == 5;
  }

  private boolean pays(Activation activation, Op op) {
    return traits.fusedTanh()
        || !activation.equals(Activation.TANH)
        || !(op instanceof Conv2d || op instanceof MatMul);
  }

  /// The fused node stands where the activation stood, so nobody before may read another result of
  /// the node it replaces.
  private static boolean canMove(Node made, Rewriter graph) {
    return made.outputs().stream().skip(1).allMatch(v -> graph.readers(v) == 0);
  }

  private static List<Value> instead(Node made, Op op, Rewriter graph) {
    var outputs = graph.all(op, made.scope(), made.inputs());
    for (int i = 1; i < outputs.size(); i++) {
      graph.replace(made.output(i), outputs.get(i));
    }
    return outputs;
  }

  /// The op with this activation behind it, if it can have one and has none yet.
  private static Optional<Op> with(Activation activation, Op op) {
    return switch (op) {
      case Convolution convolution ->
          switch (convolution) {
            case Conv2d(var window, int groups, Activation own) ->
                unless(own, new Conv2d(window, groups, activation));
            case ConvTranspose2d _, Conv2dWeightGrad _ -> Optional.empty();
          };
      case Linear linear ->
          switch (linear) {
            case MatMul(boolean ta, boolean tb, var out, Activation own) ->
                unless(own, new MatMul(ta, tb, out, activation));
          };
      case Normalization normalization ->
          switch (normalization) {
            case BatchNormTrain(double epsilon, double momentum, Activation own) ->
                unless(own, new BatchNormTrain(epsilon, momentum, activation));
            case BatchNormInference(double epsilon, Activation own) ->
                unless(own, new BatchNormInference(epsilon, activation));
            case Normalization.BatchNormTrainGrad _,
                Normalization.LayerNorm _,
                Normalization.LayerNormGrad _,
                Normalization.LocalResponseNorm _,
                Normalization.LocalResponseNormGrad _ ->
                Optional.empty();
          };
      case Pointwise pointwise ->
          switch (pointwise) {
            case Binary(var function, Activation own) ->
                unless(own, new Binary(function, activation));
            case Pointwise.Unary _,
                Pointwise.Activate _,
                Pointwise.ActivateGrad _,
                Pointwise.Affine _,
                Pointwise.Compare _,
                Pointwise.Select _,
                Pointwise.Cast _,
                Pointwise.NormalizePicture _ ->
                Optional.empty();
          };
      case Pooling _, Softmaxes _, Reduction _, Movement _ -> Optional.empty();
      case Lookup _, Randomness _, Recurrence _, Updates _ -> Optional.empty();
    };
  }

  private static Optional<Op> unless(Activation own, Op fused) {
    return own.isIdentity() ? Optional.of(fused) : Optional.empty();
  }
}
