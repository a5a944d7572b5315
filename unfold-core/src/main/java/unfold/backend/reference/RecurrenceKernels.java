package unfold.backend.reference;

import java.util.List;
import unfold.op.Activation;
import unfold.op.Recurrence;
import unfold.op.RecurrentSequence.GruSequence;
import unfold.op.RecurrentSequence.GruSequenceGrad;
import unfold.op.RecurrentSequence.LstmSequence;
import unfold.op.RecurrentSequence.LstmSequenceGrad;
import unfold.op.RecurrentSequence.RnnSequence;
import unfold.op.RecurrentSequence.RnnSequenceGrad;
import unfold.op.RecurrentStep;
import unfold.op.SequenceProduct;

/// Recurrent layers, step by step and row by row.
final class RecurrenceKernels {
  private RecurrenceKernels() {}

  static void run(Recurrence op, List<Numbers> in, List<Numbers> out) {
    switch (op) {
      case RnnSequence rnn -> rnn(rnn, in, out.getFirst());
      case RnnSequenceGrad rnn -> rnnGrad(rnn, in, out);
      case LstmSequence lstm -> LstmKernels.forward(lstm, in, out);
      case LstmSequenceGrad lstm -> LstmKernels.backward(lstm, in, out);
      case GruSequence gru -> GruKernels.forward(gru, in, out);
      case GruSequenceGrad gru -> GruKernels.backward(gru, in, out);
      case RecurrentStep step -> RecurrentStepKernels.run(step, in, out);
      case SequenceProduct product -> SequenceProductKernels.run(product, in, out.getFirst());
    }
  }

  private static void rnn(RnnSequence op, List<Numbers> in, Numbers states) {
    Numbers p = in.get(0);
    Numbers w = in.get(2);
    int width = states.dim(2);
    Sweep sweep = Sweep.of(op, states, in, 3);
    start(sweep, in.get(1), states);
    for (int k = 0; k < sweep.steps(); k++) {
      int t = sweep.step(k);
      for (int n = 0; n < sweep.rows(); n++) {
        if (!sweep.happens(t, n)) {
          copy(states, sweep.from(t, n), states, sweep.to(t, n));
          continue;
        }
        for (int j = 0; j < width; j++) {
          double sum = p.get(sweep.at(t, n) * width + j) + dot(w, j, states, sweep.from(t, n));
          states.set(sweep.to(t, n) * width + j, Functions.activate(op.activation(), sum));
        }
      }
    }
  }

  private static void rnnGrad(RnnSequenceGrad op, List<Numbers> in, List<Numbers> out) {
    Numbers states = in.get(1);
    Numbers w = in.get(2);
    Numbers dp = out.get(0);
    Numbers dh = out.get(1);
    Activation activation = op.activation();
    int width = states.dim(2);
    Sweep sweep = Sweep.of(op, states, in, 3);
    dp.fill(0);
    dh.fill(0);
    for (int k = sweep.steps() - 1; k >= 0; k--) {
      int t = sweep.step(k);
      for (int n = 0; n < sweep.rows(); n++) {
        addRow(dh, n, in.get(0), sweep.to(t, n));
        if (sweep.happens(t, n)) {
          for (int j = 0; j < width; j++) {
            double slope = Functions.slope(activation, states.get(sweep.to(t, n) * width + j));
            dp.set(sweep.at(t, n) * width + j, dh.get((long) n * width + j) * slope);
          }
          back(dp, sweep.at(t, n), 0, w, 0, w.dim(0), dh, n);
        }
      }
    }
    finish(sweep, in.get(0), dh);
  }

  /// Puts the initial state where it belongs.
  static void start(Sweep sweep, Numbers h, Numbers states) {
    for (int n = 0; n < sweep.rows(); n++) {
      copy(h, n, states, sweep.initial(n));
    }
  }

  /// Adds what flows into the initial state from outside.
  static void finish(Sweep sweep, Numbers dstates, Numbers dh) {
    for (int n = 0; n < sweep.rows(); n++) {
      addRow(dh, n, dstates, sweep.initial(n));
    }
  }

  static void copy(Numbers from, long fromRow, Numbers to, long toRow) {
    int width = from.dim(-1);
    for (int j = 0; j < width; j++) {
      to.set(toRow * width + j, from.get(fromRow * width + j));
    }
  }

  static void addRow(Numbers to, long toRow, Numbers from, long fromRow) {
    int width = from.dim(-1);
    for (int j = 0; j < width; j++) {
      to.add(toRow * width + j, from.get(fromRow * width + j));
    }
  }

  /// Row `row` of w times row `at` of x.
  static double dot(Numbers w, long row, Numbers x, long at) {
    int width = w.dim(1);
    double sum = 0;
    for (int j = 0; j < width; j++) {
      sum += w.get(row * width + j) * x.get(at * width + j);
    }
    return sum;
  }

  /// Sets row n of dx to y·W for the rows `from` … `from` + `count` − 1 of w, where y begins
  /// `offset` behind row `at` of dy.
  static void back(
      Numbers dy, long at, int offset, Numbers w, int from, int count, Numbers dx, long n) {
    int width = w.dim(1);
    long y = at * dy.dim(-1) + offset;
    for (int j = 0; j < width; j++) {
      double sum = 0;
      for (int i = 0; i < count; i++) {
        sum += dy.get(y + i) * w.get((long) (from + i) * width + j);
      }
      dx.set(n * width + j, sum);
    }
  }
}
