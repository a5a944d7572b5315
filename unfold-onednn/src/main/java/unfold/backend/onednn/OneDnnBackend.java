package unfold.backend.onednn;

import java.util.Optional;
import unfold.backend.Backend;
import unfold.backend.Call;
import unfold.backend.Candidate;
import unfold.backend.Layout;
import unfold.backend.Offer;
import unfold.backend.Workers;
import unfold.op.Convolution;
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
import unfold.tensor.TensorType;

/// Offers what oneDNN computes well, in f32 and bf16.
final class OneDnnBackend implements Backend {
  static final String NAME = "onednn";

  private final Dnnl dnnl;
  private final Workers workers;

  /// @param workers for loops between primitives; primitives use as many threads
  OneDnnBackend(Dnnl dnnl, Workers workers) {
    this.dnnl = dnnl;
    this.workers = workers;
  }

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public Offer offer(Call call) {
    dnnl.useThreads(workers.threads());
    for (TensorType type : call.inputs()) {
      if (!Layouts.computable(type)) {
        return Offer.declined("oneDNN does not take " + type);
      }
    }
    for (TensorType type : call.outputs()) {
      if (!Layouts.computable(type)) {
        return Offer.declined("oneDNN does not make " + type);
      }
    }
    return switch (call.op()) {
      case Convolution op -> new Convolutions(dnnl, workers).offer(op, call);
      case Linear.MatMul op -> new MatMuls(dnnl).offer(op, call);
      case Pooling op -> new Poolings(dnnl).offer(op, call);
      case Normalization op -> offer(op, call);
      case Pointwise op -> new Pointwises(dnnl).offer(op, call);
      case Softmaxes op -> new SoftmaxPrimitives(dnnl).offer(op, call);
      case Reduction op -> new Reductions(dnnl).offer(op, call);
      case Movement _, Lookup _, Randomness _, Recurrence _, Updates _ -> none(call);
    };
  }

  private Offer offer(Normalization op, Call call) {
    return switch (op) {
      case BatchNormTrain _, BatchNormTrainGrad _, BatchNormInference _ ->
          new BatchNorms(dnnl).offer(op, call);
      case LayerNorm n -> new LayerNorms(dnnl).forward(n, call);
      case LayerNormGrad n -> new LayerNorms(dnnl).backward(n, call);
      case LocalResponseNorm n -> new LocalResponseNorms(dnnl).forward(n, call);
      case LocalResponseNormGrad n -> new LocalResponseNorms(dnnl).backward(n, call);
    };
  }

  private static Offer none(Call call) {
    return Offer.declined("oneDNN has no primitive for " + call.op().name());
  }

  @Override
  public Optional<Candidate> convert(
      TensorType from, Layout fromLayout, TensorType to, Layout toLayout) {
    dnnl.useThreads(workers.threads());
    return new Reorders(dnnl).convert(from, fromLayout, to, toLayout);
  }

  @Override
  public Traits traits() {
    // Without AVX-512 oneDNN gathers the coefficients of tanh lane by lane.
    return new Traits(
        dnnl.has(Constants.CPU_ISA_AVX512_CORE_BF16), dnnl.has(Constants.CPU_ISA_AVX512_CORE));
  }
}
