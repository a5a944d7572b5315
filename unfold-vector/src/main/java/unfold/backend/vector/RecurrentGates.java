package unfold.backend.vector;

import java.util.ArrayList;
import unfold.backend.Call;
import unfold.backend.Offer;
import unfold.backend.Workers;
import unfold.op.Activation;
import unfold.op.Recurrence;
import unfold.op.RecurrentSequence;
import unfold.op.RecurrentStep;
import unfold.op.RecurrentStep.GruMix;
import unfold.op.RecurrentStep.GruMixGrad;
import unfold.op.RecurrentStep.GruReset;
import unfold.op.RecurrentStep.GruResetGrad;
import unfold.op.RecurrentStep.GruStep;
import unfold.op.RecurrentStep.GruStepGrad;
import unfold.op.RecurrentStep.LstmStep;
import unfold.op.RecurrentStep.LstmStepGrad;
import unfold.op.RecurrentStep.RnnStep;
import unfold.op.RecurrentStep.RnnStepGrad;
import unfold.op.SequenceProduct;
import unfold.tensor.DType;
import unfold.tensor.TensorType;

/// Offers for the gates of recurrent steps. Everything between reading p and writing h is f32.
final class RecurrentGates {
  private final Workers workers;

  RecurrentGates(Workers workers) {
    this.workers = workers;
  }

  Offer offer(Recurrence op, Call call) {
    return switch (op) {
      case RecurrentSequence _, SequenceProduct _ ->
          Offer.declined("computes the gates of single steps only");
      case RecurrentStep step -> step(step, call);
    };
  }

  private Offer step(RecurrentStep op, Call call) {
    return switch (op) {
      case RnnStep(Activation f) -> plain(f, call);
      case RnnStepGrad(Activation f) -> plainGrad(f, call);
      case LstmStep(boolean peepholes) ->
          rows(call, peepholes ? 3 : -1, 4, body(peepholes, call.wanted().get(2)), 2);
      case LstmStepGrad(boolean peepholes) ->
          peepholes
              ? mixed(call, 6, 5, GateBodies::lstmGradPeepholes)
              : rows(call, -1, 2, GateBodies::lstmGrad);
      case GruStep _ -> rows(call, -1, 3, GateBodies::gru);
      case GruStepGrad _ -> rows(call, -1, 2, GateBodies::gruGrad);
      case GruReset _ -> rows(call, -1, 2, GateBodies::reset);
      case GruMix _ -> rows(call, -1, 2, GateBodies::mix);
      case GruMixGrad _ -> rows(call, -1, 1, GateBodies::mixGrad);
      case GruResetGrad _ -> rows(call, -1, 0, GateBodies::resetHalfGrad);
    };
  }

  private static GateRows.Body body(boolean peepholes, boolean gates) {
    if (peepholes) {
      return gates ? GateBodies::lstmPeepholes : GateBodies::lstmPeepholesWithoutGates;
    }
    return gates ? GateBodies::lstm : GateBodies::lstmWithoutGates;
  }

  private Offer plain(Activation f, Call call) {
    if (f.equals(Activation.TANH)) {
      return rows(call, -1, 1, GateBodies::rnnTanh);
    }
    Flat.One activate = Activated.of(f).full();
    return mixed(
        call,
        -1,
        1,
        (bf16, at, buffer, _, n) -> {
          GateLoops.sum(bf16, at[0], at[1], buffer, n);
          activate.run(false, buffer, buffer, n);
          GateLoops.narrow(bf16, buffer, at[2], n);
        });
  }

  private Offer plainGrad(Activation f, Call call) {
    if (f.equals(Activation.TANH)) {
      return rows(call, -1, 0, GateBodies::rnnTanhGrad);
    }
    Flat.Two slope = Activated.of(f).grad();
    return mixed(
        call,
        -1,
        2,
        (bf16, at, buffer, pitch, n) -> {
          GateLoops.sum(bf16, at[0], at[1], buffer, n);
          GateLoops.widen(bf16, at[2], buffer + pitch, n);
          slope.run(false, buffer, buffer + pitch, buffer, n);
          GateLoops.narrow(bf16, buffer, at[3], n);
        });
  }

  /// A kernel over all rows whose loops see one type of gates only.
  ///
  /// @param shared an operand that all rows share; −1 for none
  private Offer rows(Call call, int shared, int buffers, GateRows.Body body, Integer... omitted) {
    boolean bf16 = call.inputs().getFirst().dtype() == DType.BF16;
    return Offer.of(
        kernel(call, shared, buffers, body).omits(omitted).sees(bf16 ? Sees.BF16 : Sees.F32));
  }

  /// A kernel over all rows some of whose loops run on f32 buffers, too.
  private Offer mixed(Call call, int shared, int buffers, GateRows.Body body) {
    boolean bf16 = call.inputs().getFirst().dtype() == DType.BF16;
    return Offer.of(kernel(call, shared, buffers, body).sees(bf16 ? Sees.BOTH : Sees.F32));
  }

  private Ours kernel(Call call, int shared, int buffers, GateRows.Body body) {
    var types = new ArrayList<TensorType>(call.inputs());
    types.addAll(call.outputs());
    // Every step has a value of one gate.
    int units = types.stream().mapToInt(t -> t.shape().dim(1)).min().orElseThrow();
    int rows = call.inputs().getFirst().shape().dim(0);
    boolean bf16 = call.inputs().getFirst().dtype() == DType.BF16;
    var gates = new ArrayList<Integer>();
    for (int v = 0; v < types.size(); v++) {
      gates.add(v == shared ? types.get(v).shape().dim(0) : types.get(v).shape().dim(1) / units);
    }
    var all = new GateRows(rows, units, bf16, types, gates, call.inputs().size(), shared, buffers);
    return Ours.standard(
        call,
        "rows",
        all.scratch(workers),
        (in, out, scratch) -> all.bind(workers, in, out, scratch, body));
  }
}
