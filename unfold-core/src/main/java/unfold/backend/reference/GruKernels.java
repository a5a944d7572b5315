package unfold.backend.reference;

import static unfold.backend.reference.RecurrenceKernels.addRow;
import static unfold.backend.reference.RecurrenceKernels.back;
import static unfold.backend.reference.RecurrenceKernels.copy;
import static unfold.backend.reference.RecurrenceKernels.dot;
import static unfold.backend.reference.RecurrenceKernels.finish;
import static unfold.backend.reference.RecurrenceKernels.start;

import java.util.List;
import unfold.op.Activation;
import unfold.op.RecurrentSequence.GruSequence;
import unfold.op.RecurrentSequence.GruSequenceGrad;

/// GRU layers: reset before or after the product.
final class GruKernels {
  private GruKernels() {}

  static void forward(GruSequence op, List<Numbers> in, List<Numbers> out) {
    Numbers p = in.get(0);
    Numbers w = in.get(2);
    Numbers states = out.get(0);
    Numbers gates = out.get(1);
    Numbers inner = out.get(2);
    int h = states.dim(2);
    Sweep sweep = Sweep.of(op, states, in, op.lengthsOperand());
    start(sweep, in.get(1), states);
    gates.fill(0);
    inner.fill(0);
    for (int k = 0; k < sweep.steps(); k++) {
      int t = sweep.step(k);
      for (int n = 0; n < sweep.rows(); n++) {
        long at = sweep.at(t, n);
        long before = sweep.from(t, n);
        if (!sweep.happens(t, n)) {
          copy(states, before, states, sweep.to(t, n));
          continue;
        }
        for (int j = 0; j < 2 * h; j++) {
          double sum = p.get(at * 3 * h + j) + dot(w, j, states, before) + bias(op, in, j);
          gates.set(at * 3 * h + j, Functions.activate(Activation.SIGMOID, sum));
        }
        for (int j = 0; j < h; j++) {
          inner.set(
              at * h + j,
              op.resetAfter()
                  ? dot(w, 2L * h + j, states, before) + bias(op, in, 2 * h + j)
                  : gates.get(at * 3 * h + j) * states.get(before * h + j));
        }
        for (int j = 0; j < h; j++) {
          double r = gates.get(at * 3 * h + j);
          double z = gates.get(at * 3 * h + h + j);
          double fromState =
              op.resetAfter() ? r * inner.get(at * h + j) : dot(w, 2L * h + j, inner, at);
          double candidate = Math.tanh(p.get(at * 3 * h + 2L * h + j) + fromState);
          gates.set(at * 3 * h + 2L * h + j, candidate);
          states.set(sweep.to(t, n) * h + j, z * states.get(before * h + j) + (1 - z) * candidate);
        }
      }
    }
  }

  private static double bias(GruSequence op, List<Numbers> in, int j) {
    return op.resetAfter() ? in.get(3).get(j) : 0;
  }

  static void backward(GruSequenceGrad op, List<Numbers> in, List<Numbers> out) {
    Numbers dstates = in.get(0);
    Numbers states = in.get(1);
    Numbers gates = in.get(2);
    Numbers inner = in.get(3);
    Numbers w = in.get(4);
    Numbers dp = out.get(0);
    Numbers dh = out.get(1);
    // The gradient of what comes from the state, where it differs from that of p.
    Numbers dq = op.resetAfter() ? out.get(2) : dp;
    int h = states.dim(2);
    Sweep sweep = Sweep.of(op, states, in, 5);
    for (Numbers result : out) {
      result.fill(0);
    }
    for (int k = sweep.steps() - 1; k >= 0; k--) {
      int t = sweep.step(k);
      for (int n = 0; n < sweep.rows(); n++) {
        addRow(dh, n, dstates, sweep.to(t, n));
        if (!sweep.happens(t, n)) {
          continue;
        }
        long at = sweep.at(t, n);
        long gate = at * 3 * h;
        long before = sweep.from(t, n) * h;
        Numbers through = Numbers.zeros(dh.shape());
        Numbers dinner = Numbers.zeros(dh.shape());
        for (int j = 0; j < h; j++) {
          long unit = (long) n * h + j;
          double d = dh.get(unit);
          double z = gates.get(gate + h + j);
          double candidate = gates.get(gate + 2L * h + j);
          dp.set(gate + 2L * h + j, d * (1 - z) * (1 - candidate * candidate));
          dp.set(gate + h + j, d * (states.get(before + j) - candidate) * z * (1 - z));
          through.set(unit, d * z);
        }
        if (!op.resetAfter()) {
          back(dp, at, 2 * h, w, 2 * h, h, dinner, n);
        }
        for (int j = 0; j < h; j++) {
          long unit = (long) n * h + j;
          double r = gates.get(gate + j);
          double dr =
              op.resetAfter()
                  ? dp.get(gate + 2L * h + j) * inner.get(at * h + j)
                  : dinner.get(unit) * states.get(before + j);
          dp.set(gate + j, dr * r * (1 - r));
          if (op.resetAfter()) {
            dq.set(gate + j, dp.get(gate + j));
            dq.set(gate + h + j, dp.get(gate + h + j));
            dq.set(gate + 2L * h + j, dp.get(gate + 2L * h + j) * r);
          } else {
            through.add(unit, dinner.get(unit) * r);
          }
        }
        back(dq, at, 0, w, 0, op.resetAfter() ? 3 * h : 2 * h, dh, n);
        addRow(dh, n, through, n);
      }
    }
    finish(sweep, dstates, dh);
  }
}
