package unfold.pass;

import java.util.List;
import java.util.stream.IntStream;
import unfold.graph.Node;
import unfold.graph.Value;
import unfold.op.Convolution;
import unfold.op.Convolution.Conv2d;
import unfold.op.Convolution.Conv2dWeightGrad;
import unfold.op.Convolution.ConvTranspose2d;
import unfold.op.Linear;
import unfold.op.Linear.MatMul;
import unfold.op.Lookup;
import unfold.op.Lookup.Constant;
import unfold.op.Lookup.Fill;
import unfold.op.Lookup.Gather;
import unfold.op.Lookup.GatherGrad;
import unfold.op.Movement;
import unfold.op.Normalization;
import unfold.op.Normalization.BatchNormInference;
import unfold.op.Normalization.BatchNormTrain;
import unfold.op.Normalization.BatchNormTrainGrad;
import unfold.op.Normalization.LayerNorm;
import unfold.op.Normalization.LayerNormGrad;
import unfold.op.Normalization.LocalResponseNorm;
import unfold.op.Normalization.LocalResponseNormGrad;
import unfold.op.Op;
import unfold.op.Pointwise;
import unfold.op.Pointwise.Activate;
import unfold.op.Pointwise.ActivateGrad;
import unfold.op.Pointwise.Affine;
import unfold.op.Pointwise.Binary;
import unfold.op.Pointwise.BinaryFunction;
import unfold.op.Pointwise.Cast;
import unfold.op.Pointwise.Compare;
import unfold.op.Pointwise.NormalizePicture;
import unfold.op.Pointwise.Select;
import unfold.op.Pointwise.Unary;
import unfold.op.Pointwise.UnaryFunction;
import unfold.op.Pooling;
import unfold.op.Pooling.AdaptiveAveragePool2d;
import unfold.op.Pooling.AdaptiveAveragePool2dGrad;
import unfold.op.Pooling.AdaptiveMaxPool2d;
import unfold.op.Pooling.AdaptiveMaxPool2dGrad;
import unfold.op.Pooling.AveragePool2d;
import unfold.op.Pooling.AveragePool2dGrad;
import unfold.op.Pooling.MaxPool2d;
import unfold.op.Pooling.MaxPool2dGrad;
import unfold.op.Randomness;
import unfold.op.Recurrence;
import unfold.op.RecurrentSequence.GruSequence;
import unfold.op.RecurrentSequence.GruSequenceGrad;
import unfold.op.RecurrentSequence.LstmSequence;
import unfold.op.RecurrentSequence.LstmSequenceGrad;
import unfold.op.RecurrentSequence.RnnSequence;
import unfold.op.RecurrentSequence.RnnSequenceGrad;
import unfold.op.RecurrentStep;
import unfold.op.Reduction;
import unfold.op.Reduction.ArgMax;
import unfold.op.Reduction.Reduce;
import unfold.op.SequenceProduct;
import unfold.op.Softmaxes;
import unfold.op.Updates;

/// How an op takes to bf16.
enum Precision {
  /// Much faster in bf16: reads and writes it always.
  LOW,
  /// Bound by memory: in bf16 if what it reads is.
  FOLLOW,
  /// Reads either and sums in f32; its result has a type of its own.
  SUM,
  /// A source of either type: constants, pictures, casts of integers.
  SOURCE,
  /// Needs f32, or has no choice.
  WIDE;

  /// The table. A gradient as an op of a forward graph is rare and stays wide.
  static Precision of(Op op) {
    return switch (op) {
      case Convolution convolution ->
          switch (convolution) {
            case Conv2d _, ConvTranspose2d _ -> LOW;
            case Conv2dWeightGrad _ -> WIDE;
          };
      case Linear linear ->
          switch (linear) {
            case MatMul _ -> LOW;
          };
      case Pooling pooling ->
          switch (pooling) {
            case MaxPool2d _, AveragePool2d _, AdaptiveAveragePool2d _, AdaptiveMaxPool2d _ ->
                FOLLOW;
            case MaxPool2dGrad _,
                AveragePool2dGrad _,
                AdaptiveAveragePool2dGrad _,
                AdaptiveMaxPool2dGrad _ ->
                WIDE;
          };
      case Normalization normalization ->
          switch (normalization) {
            case BatchNormTrain _, BatchNormInference _, LayerNorm _, LocalResponseNorm _ -> FOLLOW;
            case BatchNormTrainGrad _, LayerNormGrad _, LocalResponseNormGrad _ -> WIDE;
          };
      case Pointwise pointwise -> of(pointwise);
      case Reduction reduction ->
          switch (reduction) {
            case Reduce _, ArgMax _ -> SUM;
          };
      case Movement _, Randomness _ -> FOLLOW;
      case Lookup lookup ->
          switch (lookup) {
            case Fill _, Constant _ -> SOURCE;
            case Gather _ -> FOLLOW;
            case GatherGrad _ -> WIDE;
          };
      case Recurrence recurrence ->
          switch (recurrence) {
            case RnnSequence _, LstmSequence _, GruSequence _ -> LOW;
            case RnnSequenceGrad _, LstmSequenceGrad _, GruSequenceGrad _ -> WIDE;
            case RecurrentStep _, SequenceProduct _ -> WIDE;
          };
      case Softmaxes _, Updates _ -> WIDE;
    };
  }

  private static Precision of(Pointwise op) {
    return switch (op) {
      case Unary(UnaryFunction function) ->
          switch (function) {
            case NEGATE, ABS, SIGN -> FOLLOW;
            case EXP, LOG, SQRT, RECIPROCAL, SQUARE -> WIDE;
          };
      case Binary(BinaryFunction function, _) ->
          switch (function) {
            case ADD, SUBTRACT, MULTIPLY, MAXIMUM, MINIMUM -> FOLLOW;
            case DIVIDE, POWER -> WIDE;
          };
      case Activate _, Affine _, Select _ -> FOLLOW;
      case NormalizePicture _, Cast _ -> SOURCE;
      case ActivateGrad _, Compare _ -> WIDE;
    };
  }

  /// The operands that change type with the op; the others (bias, statistics, scale and shift, c of
  /// a recurrent layer) stay as they are.
  static List<Value> flexible(Node node) {
    return flexiblePlaces(node).stream().map(node::input).toList();
  }

  /// Places of the operands that change type with the op. The same value may stand in one that does
  /// and in one that does not.
  static List<Integer> flexiblePlaces(Node node) {
    int count = node.inputs().size();
    return switch (node.op()) {
      case Normalization _ -> picked(count, 1, 5);
      case Convolution _, Linear _ -> picked(count, 2, 3);
      case Recurrence recurrence -> places(recurrence, count);
      case Pooling _,
          Pointwise _,
          Softmaxes _,
          Reduction _,
          Movement _,
          Lookup _,
          Randomness _,
          Updates _ ->
          picked(count, count, count);
    };
  }

  /// What moves through the products of a recurrent layer; c, biases and peepholes stay.
  private static List<Integer> places(Recurrence op, int count) {
    return switch (op) {
      case RnnSequence _, GruSequence _ -> List.of(0, 1, 2);
      case LstmSequence lstm ->
          lstm.projection() ? List.of(0, 1, 3, lstm.projectionOperand()) : List.of(0, 1, 3);
      case RnnSequenceGrad _, LstmSequenceGrad _, GruSequenceGrad _ -> picked(count, count, count);
      case RecurrentStep _, SequenceProduct _ -> picked(count, count, count);
    };
  }

  /// The first operands, and the addend behind the parameters if there is one.
  private static List<Integer> picked(int count, int first, int addend) {
    return IntStream.range(0, count).filter(i -> i < first || i >= addend).boxed().toList();
  }
}
