package unfold.backend.reference;

import java.util.List;
import unfold.op.Updates;
import unfold.op.Updates.Adagrad;
import unfold.op.Updates.Adam;
import unfold.op.Updates.GlobalNorm;
import unfold.op.Updates.RmsProp;
import unfold.op.Updates.Sgd;

/// What optimisers do.
final class UpdateKernels {
  private UpdateKernels() {}

  static void run(Updates op, List<Numbers> in, List<Numbers> out) {
    switch (op) {
      case Sgd sgd -> update(op, in, out, sgd(sgd));
      case Adam adam -> update(op, in, out, adam(adam, in.get(2).get(0)));
      case RmsProp rmsProp -> update(op, in, out, rmsProp(rmsProp));
      case Adagrad adagrad -> update(op, in, out, adagrad(adagrad));
      case GlobalNorm() -> {
        double squares = 0;
        for (Numbers g : in) {
          for (long i = 0; i < g.size(); i++) {
            squares += g.get(i) * g.get(i);
          }
        }
        out.getFirst().set(0, Math.sqrt(squares));
      }
    }
  }

  /// A parameter p with gradient g moves: returns the new p, replaces its state.
  private interface Rule {
    double move(double rate, double p, double g, double[] state);
  }

  private static void update(Updates op, List<Numbers> in, List<Numbers> out, Rule rule) {
    double rate = in.get(0).get(0);
    double scale = in.get(1).get(0);
    int parameters = op.parameters(in.size());
    double[] state = new double[op.states()];
    for (int k = 0; k < parameters; k++) {
      Numbers p = in.get(op.leading() + k);
      Numbers g = in.get(op.leading() + parameters + k);
      for (long i = 0; i < p.size(); i++) {
        for (int s = 0; s < state.length; s++) {
          state[s] = in.get(op.leading() + (2 + s) * parameters + k).get(i);
        }
        double moved = p.get(i);
        if (Double.isFinite(scale)) {
          moved = rule.move(rate, moved, scale * g.get(i), state);
        }
        out.get(k).set(i, moved);
        for (int s = 0; s < state.length; s++) {
          out.get((1 + s) * parameters + k).set(i, state[s]);
        }
      }
    }
  }

  private static Rule sgd(Sgd op) {
    return (rate, p, g, state) -> {
      double decayed = g + op.weightDecay() * p;
      if (op.momentum() == 0) {
        return p - rate * decayed;
      }
      state[0] = op.momentum() * state[0] + (1 - op.dampening()) * decayed;
      return p - rate * (op.nesterov() ? decayed + op.momentum() * state[0] : state[0]);
    };
  }

  private static Rule adam(Adam op, double step) {
    double correction1 = 1 - Math.pow(op.beta1(), step);
    double correction2 = 1 - Math.pow(op.beta2(), step);
    return (rate, p, g, state) -> {
      double shrunk = op.decoupled() ? p * (1 - rate * op.weightDecay()) : p;
      double decayed = op.decoupled() ? g : g + op.weightDecay() * p;
      state[0] = op.beta1() * state[0] + (1 - op.beta1()) * decayed;
      state[1] = op.beta2() * state[1] + (1 - op.beta2()) * decayed * decayed;
      double spread = Math.sqrt(state[1] / correction2) + op.epsilon();
      return shrunk - rate * (state[0] / correction1) / spread;
    };
  }

  private static Rule rmsProp(RmsProp op) {
    return (rate, p, g, state) -> {
      double decayed = g + op.weightDecay() * p;
      state[0] = op.alpha() * state[0] + (1 - op.alpha()) * decayed * decayed;
      double move = decayed / (Math.sqrt(state[0]) + op.epsilon());
      if (op.momentum() == 0) {
        return p - rate * move;
      }
      state[1] = op.momentum() * state[1] + move;
      return p - rate * state[1];
    };
  }

  private static Rule adagrad(Adagrad op) {
    return (rate, p, g, state) -> {
      double decayed = g + op.weightDecay() * p;
      state[0] += decayed * decayed;
      return p - rate * decayed / (Math.sqrt(state[0]) + op.epsilon());
    };
  }
}
