package unfold.backend.vector;

import java.util.Optional;
import unfold.backend.Backend;
import unfold.backend.Call;
import unfold.backend.Candidate;
import unfold.backend.Layout;
import unfold.backend.Offer;
import unfold.backend.Workers;
import unfold.op.Convolution;
import unfold.op.Convolution.Conv2d;
import unfold.op.Convolution.Conv2dWeightGrad;
import unfold.op.Convolution.ConvTranspose2d;
import unfold.op.Linear;
import unfold.op.Lookup;
import unfold.op.Movement;
import unfold.op.Normalization;
import unfold.op.Normalization.BatchNormInference;
import unfold.op.Normalization.BatchNormTrain;
import unfold.op.Normalization.BatchNormTrainGrad;
import unfold.op.Normalization.LayerNorm;
import unfold.op.Normalization.LayerNormGrad;
import unfold.op.Normalization.LocalResponseNorm;
import unfold.op.Normalization.LocalResponseNormGrad;
import unfold.op.Pointwise;
import unfold.op.Pooling;
import unfold.op.Randomness;
import unfold.op.Recurrence;
import unfold.op.Reduction;
import unfold.op.Softmaxes;
import unfold.op.Updates;
import unfold.tensor.DType;
import unfold.tensor.TensorType;

/// Memory-bound ops on vectors: f32 and bf16, channels last.
public final class VectorBackend implements Backend {
  private final BatchNorms batchNorms;
  private final Pointwises pointwises;
  private final Reductions reductions;
  private final UpdateOffers updates;
  private final SoftmaxOffers softmaxes;
  private final Movements movements;
  private final Poolings poolings;
  private final Lookups lookups;
  private final Dropouts dropouts;
  private final LayerNorms layerNorms;
  private final ResponseNorms responseNorms;
  private final Depthwises depthwises;
  private final NarrowConvs narrowConvs;
  private final Winograds winograds;
  private final ConvGrads convGrads;
  private final RecurrentGates recurrentGates;
  private final Converter converter;

  public VectorBackend(Workers workers) {
    batchNorms = new BatchNorms(workers);
    pointwises = new Pointwises(workers);
    reductions = new Reductions(workers);
    updates = new UpdateOffers(workers);
    softmaxes = new SoftmaxOffers(workers);
    movements = new Movements(workers);
    poolings = new Poolings(workers);
    lookups = new Lookups(workers);
    dropouts = new Dropouts(workers);
    layerNorms = new LayerNorms(workers);
    responseNorms = new ResponseNorms(workers);
    depthwises = new Depthwises(workers);
    narrowConvs = new NarrowConvs(workers);
    winograds = new Winograds(workers);
    convGrads = new ConvGrads(workers);
    recurrentGates = new RecurrentGates(workers);
    converter = new Converter(workers);
  }

  @Override
  public String name() {
    return "vector";
  }

  @Override
  public Offer offer(Call call) {
    for (var types : java.util.List.of(call.inputs(), call.outputs())) {
      for (TensorType t : types) {
        if (t.dtype() == DType.F64) {
          return Offer.declined("computes f32 and bf16, not f64");
        }
        if (t.shape().size() == 0) {
          return Offer.declined(t + " has no elements");
        }
      }
    }
    return switch (call.op()) {
      case Normalization op -> normalization(op, call);
      case Pointwise op -> pointwises.offer(op, call);
      case Reduction op -> reductions.offer(op, call);
      case Updates op -> updates.offer(op, call);
      case Softmaxes op -> softmaxes.offer(op, call);
      case Movement op -> movements.offer(op, call);
      case Lookup op -> lookups.offer(op, call);
      case Randomness op -> dropouts.offer(op, call);
      case Pooling op -> poolings.offer(op, call);
      case Convolution op -> convolution(op, call);
      case Recurrence op -> recurrentGates.offer(op, call);
      case Linear _ -> Offer.declined("no kernel for " + call.op().name());
    };
  }

  private Offer convolution(Convolution op, Call call) {
    return switch (op) {
      case Conv2d c when narrowConvs.offer(c, call) instanceof Offer.Accepted accepted -> accepted;
      case Conv2d _, ConvTranspose2d _, Conv2dWeightGrad _
          when winograds.offer(op, call) instanceof Offer.Accepted accepted ->
          accepted;
      case Conv2dWeightGrad g when convGrads.offer(g, call) instanceof Offer.Accepted accepted ->
          accepted;
      case Conv2d _, ConvTranspose2d _, Conv2dWeightGrad _ -> depthwises.offer(op, call);
    };
  }

  private Offer normalization(Normalization op, Call call) {
    int rank = call.inputs().getFirst().shape().rank();
    return switch (op) {
      case BatchNormTrain o when rank == 2 || rank == 4 -> batchNorms.train(o, call);
      case BatchNormTrainGrad o when rank == 2 || rank == 4 -> batchNorms.trainGrad(o, call);
      case BatchNormInference o when rank == 2 || rank == 4 -> batchNorms.inference(o, call);
      case BatchNormTrain _, BatchNormTrainGrad _, BatchNormInference _ ->
          Offer.declined("normalises batches of rank 2 and 4, not " + rank);
      case LayerNorm o -> layerNorms.forward(o, call);
      case LayerNormGrad o -> layerNorms.backward(o, call);
      case LocalResponseNorm o -> responseNorms.forward(o, call);
      case LocalResponseNormGrad o -> responseNorms.backward(o, call);
    };
  }

  @Override
  public Optional<Candidate> convert(
      TensorType from, Layout fromLayout, TensorType to, Layout toLayout) {
    return converter.offer(from, fromLayout, to, toLayout);
  }

  @Override
  public Traits traits() {
    return new Traits(false);
  }
}
