package unfold.model;

import unfold.graph.Node;
import unfold.graph.Value;
import unfold.op.Convolution;
import unfold.op.Linear;
import unfold.op.Lookup;
import unfold.op.Movement;
import unfold.op.Normalization;
import unfold.op.Pointwise;
import unfold.op.Pooling;
import unfold.op.Randomness;
import unfold.op.Recurrence;
import unfold.op.RecurrentSequence;
import unfold.op.RecurrentStep;
import unfold.op.Reduction;
import unfold.op.SequenceProduct;
import unfold.op.Softmaxes;
import unfold.op.Updates;

/// How many operations on reals (FLOPs) an op takes. A multiply-add counts **two**; papers that
/// count "multiply-adds" have half. Comparisons and activations count one an element, moving
/// numbers about nothing.
final class Operations {
  private Operations() {}

  static long of(Node node) {
    return switch (node.op()) {
      case Convolution op -> convolution(op, node);
      case Linear op ->
          switch (op) {
            case Linear.MatMul m -> {
              var a = node.input(0).type().shape();
              long k = a.dim(m.transposeA() ? -2 : -1);
              yield (2 * k + bias(node)) * size(node);
            }
          };
      case Pooling op -> pooling(op, node);
      case Normalization op ->
          switch (op) {
            // scale and shift in one multiply-add
            case Normalization.BatchNormInference _ -> 2 * size(node);
            case Normalization.LocalResponseNorm n -> (2L * n.size() + 3) * size(node);
            // mean, variance, scale and shift
            case Normalization.BatchNormTrain _,
                Normalization.BatchNormTrainGrad _,
                Normalization.LayerNorm _,
                Normalization.LayerNormGrad _,
                Normalization.LocalResponseNormGrad _ ->
                8 * size(node);
          };
      case Pointwise op ->
          switch (op) {
            case Pointwise.Affine _, Pointwise.NormalizePicture _ -> 2 * size(node);
            case Pointwise.Cast _ -> 0;
            case Pointwise.Unary _,
                Pointwise.Activate _,
                Pointwise.ActivateGrad _,
                Pointwise.Binary _,
                Pointwise.Compare _,
                Pointwise.Select _ ->
                size(node);
          };
      // largest, difference, exponential, sum, quotient
      case Softmaxes _ -> 5 * node.input(0).type().shape().size();
      case Reduction _ -> node.input(0).type().shape().size();
      case Randomness _ -> 2 * size(node);
      case Updates _ -> node.inputs().stream().mapToLong(v -> v.type().shape().size()).sum();
      case Recurrence op -> recurrence(op, node);
      case Movement _, Lookup _ -> 0;
    };
  }

  /// The products with the recurrent weight and the projection; the gates themselves are small
  /// beside them.
  private static long recurrence(Recurrence op, Node node) {
    return switch (op) {
      case RecurrentSequence.RnnSequence _ -> 2 * size(node.input(0)) * width(node.input(1));
      case RecurrentSequence.GruSequence _ -> 2 * size(node.input(0)) * width(node.input(1));
      case RecurrentSequence.LstmSequence lstm -> {
        long products = 2 * size(node.input(0)) * width(node.input(1));
        long projection =
            lstm.projection() ? 2 * size(node.outputs().get(4)) * width(node.input(1)) : 0;
        yield products + projection;
      }
      case RecurrentSequence.RnnSequenceGrad _,
          RecurrentSequence.GruSequenceGrad _,
          RecurrentSequence.LstmSequenceGrad _ ->
          2 * size(node.outputs().get(0)) * width(node.input(0));
      case SequenceProduct.OfSteps _ -> 2 * size(node) * width(node.input(0));
      case SequenceProduct.OverSteps _ -> 2 * size(node.input(0)) * width(node.input(1));
      case RecurrentStep _ -> 0;
    };
  }

  private static long convolution(Convolution op, Node node) {
    return switch (op) {
      case Convolution.Conv2d _ -> (2 * filter(node) + bias(node)) * size(node);
      case Convolution.ConvTranspose2d _ -> 2 * filter(node) * node.input(0).type().shape().size();
      case Convolution.Conv2dWeightGrad _ -> {
        var dy = node.input(1).type().shape();
        yield 2 * dy.size() * (size(node) / Math.max(1, dy.dim(1)));
      }
    };
  }

  private static long pooling(Pooling op, Node node) {
    return switch (op) {
      case Pooling.MaxPool2d p -> (long) p.kernelH() * p.kernelW() * size(node);
      case Pooling.AveragePool2d p -> (long) p.kernelH() * p.kernelW() * size(node);
      case Pooling.AdaptiveAveragePool2d _, Pooling.AdaptiveMaxPool2d _ ->
          node.input(0).type().shape().size();
      case Pooling.MaxPool2dGrad _,
          Pooling.AveragePool2dGrad _,
          Pooling.AdaptiveAveragePool2dGrad _,
          Pooling.AdaptiveMaxPool2dGrad _ ->
          size(node);
    };
  }

  /// Numbers in one filter of a weight [O × C/groups × kH × kW].
  private static long filter(Node node) {
    var w = node.input(1).type().shape();
    return w.size() / Math.max(1, w.dim(0));
  }

  private static long bias(Node node) {
    return node.inputs().size() > 2 ? 1 : 0;
  }

  private static long size(Node node) {
    return size(node.output());
  }

  private static long size(Value value) {
    return value.type().shape().size();
  }

  private static long width(Value value) {
    return value.type().shape().dim(-1);
  }
}
