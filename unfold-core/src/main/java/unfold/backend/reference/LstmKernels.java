package unfold.backend.reference;

import static unfold.backend.reference.RecurrenceKernels.addRow;
import static unfold.backend.reference.RecurrenceKernels.back;
import static unfold.backend.reference.RecurrenceKernels.copy;
import static unfold.backend.reference.RecurrenceKernels.dot;
import static unfold.backend.reference.RecurrenceKernels.finish;
import static unfold.backend.reference.RecurrenceKernels.start;

import java.util.List;
import unfold.op.Activation;
import unfold.op.RecurrentSequence.LstmSequence;
import unfold.op.RecurrentSequence.LstmSequenceGrad;

/// LSTM layers, with peepholes and projection.
final class LstmKernels {
  private LstmKernels() {}

  static void forward(LstmSequence op, List<Numbers> in, List<Numbers> out) {
    Numbers p = in.get(0);
    Numbers w = in.get(3);
    Numbers states = out.get(0);
    Numbers last = out.get(1);
    Numbers cells = out.get(2);
    Numbers gates = out.get(3);
    Numbers hidden = op.projection() ? out.get(4) : Numbers.zeros(cells.shape());
    int h = cells.dim(2);
    Sweep sweep = Sweep.of(op, states, in, op.lengthsOperand());
    start(sweep, in.get(1), states);
    gates.fill(0);
    hidden.fill(0);
    for (int n = 0; n < sweep.rows(); n++) {
      copy(in.get(2), n, last, n);
    }
    for (int k = 0; k < sweep.steps(); k++) {
      int t = sweep.step(k);
      for (int n = 0; n < sweep.rows(); n++) {
        long at = sweep.at(t, n);
        if (!sweep.happens(t, n)) {
          copy(states, sweep.from(t, n), states, sweep.to(t, n));
          copy(last, n, cells, at);
          continue;
        }
        for (int j = 0; j < h; j++) {
          double[] a = new double[4];
          for (int gate = 0; gate < 4; gate++) {
            int row = gate * h + j;
            a[gate] = p.get(at * 4 * h + row) + dot(w, row, states, sweep.from(t, n));
          }
          long unit = (long) n * h + j;
          double c = last.get(unit);
          double i = sigmoid(a[0] + peephole(op, in, 0, j) * c);
          double f = sigmoid(a[1] + peephole(op, in, 1, j) * c);
          double g = Math.tanh(a[2]);
          c = f * c + i * g;
          double o = sigmoid(a[3] + peephole(op, in, 2, j) * c);
          last.set(unit, c);
          hidden.set(at * h + j, o * Math.tanh(c));
          double[] y = {i, f, g, o};
          for (int gate = 0; gate < 4; gate++) {
            gates.set(at * 4 * h + (long) gate * h + j, y[gate]);
          }
        }
        copy(last, n, cells, at);
        if (op.projection()) {
          Numbers projection = in.get(op.projectionOperand());
          for (int r = 0; r < states.dim(2); r++) {
            states.set(sweep.to(t, n) * states.dim(2) + r, dot(projection, r, hidden, at));
          }
        } else {
          copy(hidden, at, states, sweep.to(t, n));
        }
      }
    }
  }

  /// The peephole of i, f or o of unit j.
  private static double peephole(LstmSequence op, List<Numbers> in, int gate, int j) {
    if (!op.peepholes()) {
      return 0;
    }
    Numbers v = in.get(LstmSequence.PEEPHOLES);
    return v.get((long) gate * v.dim(1) + j);
  }

  private static double sigmoid(double x) {
    return Functions.activate(Activation.SIGMOID, x);
  }

  static void backward(LstmSequenceGrad op, List<Numbers> in, List<Numbers> out) {
    LstmSequence layer = op.forward();
    Numbers dstates = in.get(0);
    Numbers cells = in.get(3);
    Numbers gates = in.get(4);
    Numbers w = in.get(5);
    // Peepholes and projection stand two places behind those of the layer.
    List<Numbers> operands = in.subList(2, in.size());
    Numbers dp = out.get(0);
    Numbers dh = out.get(1);
    Numbers dc = out.get(2);
    int h = cells.dim(2);
    Sweep sweep = Sweep.of(op, dstates, in, op.lengthsOperand());
    for (Numbers result : out) {
      result.fill(0);
    }
    for (int n = 0; n < sweep.rows(); n++) {
      addRow(dc, n, in.get(1), n);
    }
    for (int k = sweep.steps() - 1; k >= 0; k--) {
      int t = sweep.step(k);
      for (int n = 0; n < sweep.rows(); n++) {
        addRow(dh, n, dstates, sweep.to(t, n));
        if (!sweep.happens(t, n)) {
          continue;
        }
        long at = sweep.at(t, n);
        Numbers dhidden = Numbers.zeros(dc.shape());
        if (op.projection()) {
          copy(dh, n, out.get(3), at);
          Numbers projection = operands.get(layer.projectionOperand());
          back(dh, n, 0, projection, 0, projection.dim(0), dhidden, n);
        } else {
          copy(dh, n, dhidden, n);
        }
        Numbers before = k == 0 ? in.get(2) : cells;
        long beforeRow = k == 0 ? n : sweep.at(sweep.step(k - 1), n);
        for (int j = 0; j < h; j++) {
          long gate = at * 4 * h + j;
          long unit = (long) n * h + j;
          double i = gates.get(gate);
          double f = gates.get(gate + h);
          double g = gates.get(gate + 2L * h);
          double o = gates.get(gate + 3L * h);
          double tanh = Math.tanh(cells.get(at * h + j));
          double da3 = dhidden.get(unit) * tanh * o * (1 - o);
          double d =
              dc.get(unit)
                  + dhidden.get(unit) * o * (1 - tanh * tanh)
                  + da3 * peephole(layer, operands, 2, j);
          double da0 = d * g * i * (1 - i);
          double da1 = d * before.get(beforeRow * h + j) * f * (1 - f);
          double da2 = d * i * (1 - g * g);
          dp.set(gate, da0);
          dp.set(gate + h, da1);
          dp.set(gate + 2L * h, da2);
          dp.set(gate + 3L * h, da3);
          dc.set(
              unit,
              d * f
                  + da0 * peephole(layer, operands, 0, j)
                  + da1 * peephole(layer, operands, 1, j));
        }
        back(dp, at, 0, w, 0, 4 * h, dh, n);
      }
    }
    finish(sweep, dstates, dh);
  }
}
