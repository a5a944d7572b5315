package unfold.backend.composed;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import unfold.backend.Backend;
import unfold.backend.Call;
import unfold.backend.Candidate;
import unfold.backend.Layout;
import unfold.backend.Offer;
import unfold.backend.Workers;
import unfold.op.Recurrence;
import unfold.op.RecurrentSequence.GruSequence;
import unfold.op.RecurrentSequence.GruSequenceGrad;
import unfold.op.RecurrentSequence.LstmSequence;
import unfold.op.RecurrentSequence.LstmSequenceGrad;
import unfold.op.RecurrentSequence.RnnSequence;
import unfold.op.RecurrentSequence.RnnSequenceGrad;
import unfold.op.RecurrentStep;
import unfold.op.SequenceProduct.OfSteps;
import unfold.op.SequenceProduct.OverSteps;
import unfold.tensor.DType;
import unfold.tensor.TensorType;

/// Offers what several kernels of other backends compute together: recurrent layers, unrolled into
/// products and gates, and calls in bf16 that others can do in f32 only.
public final class ComposedBackend implements Backend {
  private final List<Backend> others;
  private final List<Backend> forParts;
  private final Workers workers;

  /// @param others who compute the parts, in order of preference
  /// @param last who computes what is left over, be it slowly
  /// @param workers the threads they compute on
  public ComposedBackend(List<Backend> others, Optional<Backend> last, Workers workers) {
    this.others = List.copyOf(others);
    var all = new ArrayList<>(others);
    all.add(this);
    last.ifPresent(all::add);
    this.forParts = all;
    this.workers = workers;
  }

  @Override
  public String name() {
    return "composed";
  }

  @Override
  public Traits traits() {
    return new Traits(false);
  }

  @Override
  public boolean standsIn() {
    return true;
  }

  @Override
  public Offer offer(Call call) {
    if (!(call.op() instanceof Recurrence op) || op instanceof RecurrentStep) {
      return new Widened(call, others).offer();
    }
    for (TensorType t : call.inputs()) {
      if (t.dtype() == DType.F64 || t.shape().size() == 0) {
        return Offer.declined("composes f32 and bf16 with elements, not " + t);
      }
    }
    for (TensorType t : call.outputs()) {
      if (t.shape().size() == 0) {
        return Offer.declined(t + " has no elements");
      }
    }
    var parts = new Parts(forParts, workers);
    try {
      return Offer.of(
          switch (op) {
            case RnnSequence rnn -> RnnUnrolled.forward(rnn, call, parts);
            case RnnSequenceGrad rnn -> RnnUnrolled.backward(rnn, call, parts);
            case LstmSequence lstm -> LstmForward.of(lstm, call, parts);
            case LstmSequenceGrad lstm -> LstmBackward.of(lstm, call, parts);
            case GruSequence gru -> GruForward.of(gru, call, parts);
            case GruSequenceGrad gru -> GruBackward.of(gru, call, parts);
            case OfSteps product -> ProductOfSteps.of(product, call, parts);
            case OverSteps product -> ProductOverSteps.of(product, call, parts);
            case RecurrentStep _ ->
                throw new Parts.Missing("does not compose the gates of single steps");
          });
    } catch (Parts.Missing e) {
      return Offer.declined(e.getMessage());
    }
  }

  /// As the first of the others that can.
  @Override
  public Optional<Candidate> convert(
      TensorType from, Layout fromLayout, TensorType to, Layout toLayout) {
    return others.stream()
        .flatMap(b -> b.convert(from, fromLayout, to, toLayout).stream())
        .findFirst();
  }
}
