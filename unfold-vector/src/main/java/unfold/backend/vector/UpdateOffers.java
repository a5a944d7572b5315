package unfold.backend.vector;

import java.util.ArrayList;
import unfold.backend.Call;
import unfold.backend.Candidate.InPlace;
import unfold.backend.Kernel;
import unfold.backend.Layout;
import unfold.backend.Offer;
import unfold.backend.Workers;
import unfold.op.Updates;
import unfold.op.Updates.Adagrad;
import unfold.op.Updates.Adam;
import unfold.op.Updates.GlobalNorm;
import unfold.op.Updates.RmsProp;
import unfold.op.Updates.Sgd;
import unfold.tensor.DType;

/// Offers for optimisers: f32 tensors in any layout, each gradient and state in that of its
/// parameter. A layout's padding is updated like the rest: it is zero and stays so, for rules with
/// an ε > 0.
final class UpdateOffers {
  private final Workers workers;

  UpdateOffers(Workers workers) {
    this.workers = workers;
  }

  Offer offer(Updates op, Call call) {
    if (call.inputs().stream().anyMatch(t -> t.dtype() != DType.F32)) {
      return Offer.declined("updates f32 tensors only");
    }
    return switch (op) {
      case GlobalNorm _ -> new Norms(workers).offer(call);
      case Sgd sgd -> update(op, call, sgd(sgd));
      case Adam adam -> update(op, call, adam(adam));
      case RmsProp rmsProp -> update(op, call, rmsProp(rmsProp));
      case Adagrad adagrad -> update(op, call, adagrad(adagrad));
    };
  }

  private Offer update(Updates op, Call call, UpdateKernel.Rule rule) {
    int n = op.parameters(call.inputs().size());
    int first = op.leading();
    var inputs = new ArrayList<>(call.layouts().subList(0, first));
    var outputs = new ArrayList<Layout>();
    var pairs = new ArrayList<InPlace>();
    for (int kind = 0; kind < 2 + op.states(); kind++) {
      for (int i = 0; i < n; i++) {
        Layout layout = layoutOf(call, first + i);
        inputs.add(layout);
        if (kind != 1) {
          pairs.add(new InPlace(outputs.size(), first + kind * n + i));
          outputs.add(layout);
        }
      }
    }
    long[] sizes = new long[n];
    for (int i = 0; i < n; i++) {
      sizes[i] = outputs.get(i).bytes(call.outputs().get(i)) / 4;
    }
    int bytesPerElement = 4 * (3 + 2 * op.states());
    int parts = UpdateKernel.parts(workers, sizes, bytesPerElement);
    return Offer.of(
        new Ours(
            call,
            "flat",
            inputs,
            outputs,
            pairs,
            UpdateKernel.scratchBytes(parts),
            (in, out, scratch) -> bind(op, rule, n, sizes, in, out, scratch)));
  }

  private Kernel bind(
      Updates op, UpdateKernel.Rule rule, int n, long[] sizes, long[] in, long[] out, long room) {
    var operands = new long[n][7];
    int first = op.leading();
    for (int i = 0; i < n; i++) {
      operands[i][0] = in[first + i];
      operands[i][1] = in[first + n + i];
      operands[i][4] = out[i];
      for (int state = 0; state < op.states(); state++) {
        operands[i][2 + state] = in[first + (2 + state) * n + i];
        operands[i][5 + state] = out[(1 + state) * n + i];
      }
    }
    return new UpdateKernel(
        workers,
        rule,
        in[0],
        in[1],
        op.countsSteps() ? in[2] : 0,
        operands,
        sizes,
        4 * (3 + 2 * op.states()),
        room);
  }

  /// The layout a parameter has; standard if that has holes, which belong to somebody else.
  private static Layout layoutOf(Call call, int i) {
    Layout layout = call.layouts().get(i);
    var type = call.inputs().get(i);
    return layout instanceof Layout.Strided && layout.bytes(type) != type.bytes()
        ? Layout.standard(type.shape())
        : layout;
  }

  private static UpdateKernel.Rule sgd(Sgd o) {
    float decay = (float) o.weightDecay();
    float momentum = (float) o.momentum();
    float fresh = (float) (1 - o.dampening());
    boolean nesterov = o.nesterov();
    return o.states() == 0
        ? (s, p, g, _, _, to, _, _, n) -> UpdateLoops.sgd(p, g, to, n, s.rate, s.scale, decay)
        : (s, p, g, v, _, toP, toV, _, n) ->
            UpdateLoops.momentum(
                p, g, v, toP, toV, n, s.rate, s.scale, decay, momentum, fresh, nesterov);
  }

  private static UpdateKernel.Rule adam(Adam o) {
    boolean decoupled = o.decoupled();
    float decay = decoupled ? 0 : (float) o.weightDecay();
    return (s, p, g, m, v, toP, toM, toV, n) ->
        UpdateLoops.adam(
            p,
            g,
            m,
            v,
            toP,
            toM,
            toV,
            n,
            s.scale,
            decay,
            (float) o.beta1(),
            (float) (1 - o.beta1()),
            (float) o.beta2(),
            (float) (1 - o.beta2()),
            (float) o.epsilon(),
            decoupled ? (float) (1 - s.rate * o.weightDecay()) : 1,
            (float) (s.rate / (1 - Math.pow(o.beta1(), s.step))),
            (float) (1 / Math.sqrt(1 - Math.pow(o.beta2(), s.step))));
  }

  private static UpdateKernel.Rule rmsProp(RmsProp o) {
    float decay = (float) o.weightDecay();
    float alpha = (float) o.alpha();
    float beta = (float) (1 - o.alpha());
    float epsilon = (float) o.epsilon();
    float momentum = (float) o.momentum();
    return o.states() == 1
        ? (s, p, g, v, _, toP, toV, _, n) ->
            UpdateLoops.scaled(p, g, v, toP, toV, n, s.rate, s.scale, decay, alpha, beta, epsilon)
        : (s, p, g, v, b, toP, toV, toB, n) ->
            UpdateLoops.scaledMomentum(
                p, g, v, b, toP, toV, toB, n, s.rate, s.scale, decay, alpha, beta, epsilon,
                momentum);
  }

  private static UpdateKernel.Rule adagrad(Adagrad o) {
    float decay = (float) o.weightDecay();
    float epsilon = (float) o.epsilon();
    return (s, p, g, v, _, toP, toV, _, n) ->
        UpdateLoops.scaled(p, g, v, toP, toV, n, s.rate, s.scale, decay, 1, 1, epsilon);
  }
}
