package unfold.plan;

import java.util.List;
import unfold.op.Convolution;
import unfold.op.Linear;
import unfold.op.Lookup;
import unfold.op.Movement;
import unfold.op.Normalization;
import unfold.op.Op;
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
import unfold.tensor.TensorType;

/// What an op costs at least, by its definition: additions and multiplications count one each (a
/// multiply-add is two), an exponential or a root counts one.
public final class Cost {
  private Cost() {}

  /// Arithmetic of one call.
  public static long flops(Op op, List<TensorType> inputs, List<TensorType> outputs) {
    return switch (op) {
      case Convolution c -> convolution(c, inputs, outputs);
      case Linear.MatMul m -> 2 * size(outputs, 0) * depth(m, inputs.getFirst());
      case Pooling p -> pooling(p, inputs, outputs);
      case Normalization n -> normalization(n, inputs);
      case Pointwise p -> pointwise(p, outputs);
      case Softmaxes s -> softmax(s, inputs);
      case Reduction _ -> size(inputs, 0);
      case Movement _ -> 0;
      case Lookup.Fill _, Lookup.Constant _, Lookup.Gather _ -> 0;
      case Lookup.GatherGrad _ -> size(inputs, 0);
      case Randomness _ -> size(outputs, 0);
      case Recurrence r -> recurrence(r, inputs, outputs);
      case Updates u -> updates(u, inputs);
    };
  }

  /// Bytes that move if every operand is read once and every result written once.
  public static long bytes(List<TensorType> inputs, List<TensorType> outputs) {
    long sum = 0;
    for (TensorType t : inputs) {
      sum += t.bytes();
    }
    for (TensorType t : outputs) {
      sum += t.bytes();
    }
    return sum;
  }

  /// Whether an op does so much arithmetic for its bytes that a plain loop is hopeless.
  public static boolean heavy(Op op) {
    return switch (op) {
      case Convolution _, Linear _, RecurrentSequence _, SequenceProduct _ -> true;
      case Pooling _, Normalization _, Pointwise _, Softmaxes _, Reduction _, Movement _ -> false;
      case Lookup _, Randomness _, RecurrentStep _, Updates _ -> false;
    };
  }

  /// Each element of the smaller picture meets one filter: 2·|y|·C/groups·kH·kW.
  private static long convolution(
      Convolution op, List<TensorType> inputs, List<TensorType> outputs) {
    return switch (op) {
      case Convolution.Conv2d _ -> 2 * size(outputs, 0) * filter(inputs.get(1));
      case Convolution.ConvTranspose2d _ -> 2 * size(inputs, 0) * filter(inputs.get(1));
      case Convolution.Conv2dWeightGrad _ -> 2 * size(inputs, 1) * filter(outputs.getFirst());
    };
  }

  /// Weights that make one output: C/groups·kH·kW.
  private static long filter(TensorType w) {
    return w.shape().size() / Math.max(1, w.shape().dim(0));
  }

  /// The products of every step, and what gates cost: an exponential and a few terms each.
  private static long recurrence(Recurrence op, List<TensorType> inputs, List<TensorType> outputs) {
    return switch (op) {
      case RecurrentStep _ -> 6 * size(inputs, 0);
      case SequenceProduct.OfSteps _ -> 2 * size(outputs, 0) * inputs.get(0).shape().dim(2);
      case SequenceProduct.OverSteps _ -> 2 * size(inputs, 0) * inputs.get(1).shape().dim(2);
      case RecurrentSequence.RnnSequence _, RecurrentSequence.GruSequence _ ->
          size(inputs, 0) * (2L * inputs.get(1).shape().dim(1) + 4);
      case RecurrentSequence.LstmSequence l -> {
        long output = inputs.get(1).shape().dim(1);
        yield size(inputs, 0) * (2 * output + 4)
            + (l.projection() ? 2 * size(outputs, 4) * output : 0);
      }
      case RecurrentSequence.RnnSequenceGrad _, RecurrentSequence.GruSequenceGrad _ ->
          size(outputs, 0) * (2L * inputs.get(0).shape().dim(2) + 4);
      case RecurrentSequence.LstmSequenceGrad l -> {
        long output = inputs.get(0).shape().dim(2);
        yield size(outputs, 0) * (2 * output + 6)
            + (l.projection() ? 2 * size(inputs, 3) * output : 0);
      }
    };
  }

  private static long depth(Linear.MatMul op, TensorType a) {
    return a.shape().dim(op.transposeA() ? -2 : -1);
  }

  private static long pooling(Pooling op, List<TensorType> inputs, List<TensorType> outputs) {
    return switch (op) {
      case Pooling.MaxPool2d p -> size(outputs, 0) * p.kernelH() * p.kernelW();
      case Pooling.AveragePool2d p -> size(outputs, 0) * p.kernelH() * p.kernelW();
      case Pooling.AveragePool2dGrad p -> size(inputs, 0) * p.kernelH() * p.kernelW();
      case Pooling.MaxPool2dGrad _, Pooling.AdaptiveMaxPool2dGrad _ -> size(inputs, 0);
      case Pooling.AdaptiveAveragePool2d _, Pooling.AdaptiveMaxPool2d _ -> size(inputs, 0);
      case Pooling.AdaptiveAveragePool2dGrad _ -> size(outputs, 0);
    };
  }

  private static long normalization(Normalization op, List<TensorType> inputs) {
    long n = size(inputs, 0);
    return switch (op) {
      // two sums, then scale and shift
      case Normalization.BatchNormTrain _, Normalization.LayerNorm _ -> 5 * n;
      // two sums of dy and dy·x̂, then three terms
      case Normalization.BatchNormTrainGrad _, Normalization.LayerNormGrad _ -> 9 * n;
      case Normalization.BatchNormInference _ -> 2 * n;
      case Normalization.LocalResponseNorm r -> n * (2L * r.size() + 3);
      case Normalization.LocalResponseNormGrad r -> n * (4L * r.size() + 6);
    };
  }

  private static long pointwise(Pointwise op, List<TensorType> outputs) {
    long n = size(outputs, 0);
    return switch (op) {
      case Pointwise.Unary _, Pointwise.Activate _, Pointwise.Compare _ -> n;
      case Pointwise.ActivateGrad _, Pointwise.Affine _ -> 2 * n;
      case Pointwise.NormalizePicture _ -> 2 * n;
      case Pointwise.Binary b -> b.activation().isIdentity() ? n : 2 * n;
      case Pointwise.Select _, Pointwise.Cast _ -> 0;
    };
  }

  private static long softmax(Softmaxes op, List<TensorType> inputs) {
    return switch (op) {
      // largest, difference, exponential, sum, quotient
      case Softmaxes.Softmax _, Softmaxes.LogSoftmax _ -> 5 * size(inputs, 0);
      case Softmaxes.SoftmaxGrad _, Softmaxes.LogSoftmaxGrad _ -> 4 * size(inputs, 0);
      case Softmaxes.SoftmaxCrossEntropy _ -> 5 * size(inputs, 0);
      case Softmaxes.SoftmaxCrossEntropyGrad _ -> 6 * size(inputs, 1);
    };
  }

  private static long updates(Updates op, List<TensorType> inputs) {
    long all = 0;
    for (TensorType t : inputs) {
      all += t.shape().size();
    }
    return switch (op) {
      case Updates.GlobalNorm _ -> 2 * all;
      case Updates.Sgd s -> all / (2 + s.states()) * (s.momentum() == 0 ? 3 : 5);
      case Updates.Adam a -> all / (2 + a.states()) * 12;
      case Updates.RmsProp r -> all / (2 + r.states()) * 9;
      case Updates.Adagrad a -> all / (2 + a.states()) * 7;
    };
  }

  private static long size(List<TensorType> types, int i) {
    return types.get(i).shape().size();
  }
}
