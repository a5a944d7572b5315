package unfold.optimizer;

import java.util.ArrayList;
import java.util.List;
import java.util.function.IntUnaryOperator;
import unfold.error.InputException;

/// The learning rate over time: a factor on the optimiser's base rate, as a pure function of where
/// the run is. So a resumed run needs no memory of it, and it can be drawn before it runs.
///
/// The text form, which [#parse] reads and [#text] writes: `constant`, `step(30,0.1)`,
/// `multistep(100,150,gamma=0.1)`, `exponential(0.95)`, `plateau(0.1,patience=10)`, `cosine`,
/// `cosine(floor=0.01)`, `onecycle`. Each takes also `warmup=STEPS`: `cosine(warmup=500)`.
public sealed interface Schedule {
  /// What the base rate is multiplied by for the next step.
  double factor(Progress at);

  default double rate(double base, Progress at) {
    return base * factor(at);
  }

  /// This schedule after `steps` steps of linear warm-up.
  default Schedule warmup(long steps) {
    return steps == 0 ? this : new WarmUp(steps, this);
  }

  /// The same course in another number of epochs: what is given in epochs moves in proportion, to
  /// whole epochs. What spans the run does so anyway.
  default Schedule stretched(int epochs, int to) {
    IntUnaryOperator move = e -> (int) Math.max(1, Math.round((double) e * to / epochs));
    return switch (this) {
      case Constant _, Cosine _, OneCycle _ -> this;
      case Step(int every, double gamma) -> new Step(move.applyAsInt(every), gamma);
      case MultiStep(List<Integer> milestones, double gamma) ->
          new MultiStep(milestones.stream().map(move::applyAsInt).toList(), gamma);
      case Exponential(double gamma, int hold) ->
          new Exponential(Math.pow(gamma, (double) epochs / to), move.applyAsInt(hold));
      case Plateau(double gamma, int patience) ->
          new Plateau(gamma, patience == 0 ? 0 : move.applyAsInt(patience));
      case WarmUp(long steps, Schedule then) ->
          new WarmUp(
              Math.max(1, Math.round((double) steps * to / epochs)), then.stretched(epochs, to));
    };
  }

  /// Factors at `points` places spread evenly over the run, for a plot. A plateau cannot be known
  /// before: it is drawn as if every epoch were better than the last.
  default List<Double> sample(long stepsPerEpoch, int epochs, int points) {
    var values = new ArrayList<Double>();
    long last = stepsPerEpoch * epochs - 1;
    for (int i = 0; i < points; i++) {
      long step = Math.round((double) last * i / Math.max(1, points - 1));
      values.add(factor(new Progress(step, stepsPerEpoch, epochs)));
    }
    return List.copyOf(values);
  }

  /// What [#parse] reads.
  default String text() {
    return ScheduleText.print(this);
  }

  /// @throws InputException that shows the forms there are
  static Schedule parse(String text) {
    return ScheduleText.parse(text);
  }

  /// 1.
  record Constant() implements Schedule {
    @Override
    public double factor(Progress at) {
      return 1;
    }
  }

  /// γ^⌊epoch/every⌋: the rate falls every so many epochs.
  record Step(int every, double gamma) implements Schedule {
    public Step {
      if (every < 1) {
        throw new InputException("step(" + every + "): every must be at least one epoch");
      }
    }

    @Override
    public double factor(Progress at) {
      long falls = at.epoch() / every;
      return Math.pow(gamma, falls);
    }
  }

  /// γ to the number of milestones (in epochs) that are passed.
  record MultiStep(List<Integer> milestones, double gamma) implements Schedule {
    public MultiStep {
      milestones = milestones.stream().sorted().toList();
    }

    @Override
    public double factor(Progress at) {
      long passed = milestones.stream().filter(m -> m <= at.epoch()).count();
      return Math.pow(gamma, passed);
    }
  }

  /// γ after each epoch, but for the first `hold`−1: γ^max(0, epoch + 1 − hold).
  ///
  /// @param hold epochs at the full rate, at least 1
  record Exponential(double gamma, int hold) implements Schedule {
    public Exponential {
      if (hold < 1) {
        throw new IllegalArgumentException("at least one epoch has the full rate, not " + hold);
      }
    }

    /// γ^epoch.
    public Exponential(double gamma) {
      this(gamma, 1);
    }

    @Override
    public double factor(Progress at) {
      return Math.pow(gamma, Math.max(0, at.epoch() + 1 - hold));
    }
  }

  /// Multiplies by γ when the validation metric has not been better than its best, by one part in
  /// 10,000 at least, for more than `patience` epochs; then it waits as long again. The metric is a
  /// loss or an error rate: less is better.
  ///
  /// @source the rule of torch.optim.lr_scheduler.ReduceLROnPlateau with its defaults
  record Plateau(double gamma, int patience) implements Schedule {
    private static final double BETTER = 1 - 1e-4;

    @Override
    public double factor(Progress at) {
      double factor = 1;
      double best = Double.POSITIVE_INFINITY;
      int bad = 0;
      for (double metric : at.history()) {
        if (metric < best * BETTER) {
          best = metric;
          bad = 0;
        } else if (++bad > patience) {
          factor *= gamma;
          bad = 0;
        }
      }
      return factor;
    }
  }

  /// Half a cosine from 1 down to `floor`, step by step.
  ///
  /// @source Loshchilov, Hutter: SGDR (2017), equation 5, without restarts
  record Cosine(double floor) implements Schedule {
    public Cosine() {
      this(0);
    }

    @Override
    public double factor(Progress at) {
      return floor + (1 - floor) * (1 + Math.cos(Math.PI * at.done())) / 2;
    }
  }

  /// Up from 1/start to 1 for the part `up` of the run, then down to 1/(start·end), both on half a
  /// cosine. The base rate is the largest.
  ///
  /// @source Smith, Topin: Super-convergence (2018), in the form of
  ///   torch.optim.lr_scheduler.OneCycleLR
  record OneCycle(double up, double start, double end) implements Schedule {
    public OneCycle {
      if (!(up > 0 && up < 1 && start > 0 && end > 0)) {
        throw new InputException(
            "onecycle(up="
                + up
                + ",start="
                + start
                + ",end="
                + end
                + "): up must be between 0 and 1, the others > 0");
      }
    }

    /// 30 % up, from 1/25, down to 1/250,000.
    public OneCycle() {
      this(0.3, 25, 1e4);
    }

    @Override
    public double factor(Progress at) {
      double last = at.steps() - 1.0;
      double top = up * at.steps() - 1;
      double low = 1 / start;
      if (at.step() <= top) {
        return between(low, 1, at.step() / top);
      }
      return between(1, low / end, Math.min(1, (at.step() - top) / (last - top)));
    }

    private static double between(double from, double to, double part) {
      return to + (from - to) / 2 * (1 + Math.cos(Math.PI * part));
    }
  }

  /// Up from 1/steps to 1 on a line, one `steps`-th each step, then another schedule. What follows
  /// counts epochs from the beginning of the run; a cosine spans the steps that are left.
  ///
  /// @source Goyal et al.: Accurate, large minibatch SGD (2017), 2.2
  record WarmUp(long steps, Schedule then) implements Schedule {
    public WarmUp {
      if (steps < 1 || then instanceof WarmUp) {
        throw new InputException("warmup=" + steps + " needs at least one step, and only once");
      }
    }

    @Override
    public double factor(Progress at) {
      double goal = then.factor(at.warmup(steps));
      return at.step() < steps ? goal * (at.step() + 1) / steps : goal;
    }
  }
}
