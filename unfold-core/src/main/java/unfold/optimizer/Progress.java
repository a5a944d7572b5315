package unfold.optimizer;

import java.util.List;

/// Where a training run is.
///
/// @param step steps done, from 0
/// @param stepsPerEpoch steps in a pass over the data
/// @param epochs passes planned
/// @param warmup of the steps, those that a warm-up takes
/// @param history the validation metric watched (a loss: smaller is better) after each finished
///   epoch
public record Progress(
    long step, long stepsPerEpoch, int epochs, long warmup, List<Double> history) {
  public Progress {
    if (step < 0 || stepsPerEpoch < 1 || epochs < 1) {
      throw new IllegalArgumentException(
          "step " + step + " of " + epochs + " epochs of " + stepsPerEpoch + " steps");
    }
    history = List.copyOf(history);
  }

  public Progress(long step, long stepsPerEpoch, int epochs) {
    this(step, stepsPerEpoch, epochs, 0, List.of());
  }

  public Progress history(List<Double> metrics) {
    return new Progress(step, stepsPerEpoch, epochs, warmup, metrics);
  }

  Progress warmup(long steps) {
    return new Progress(step, stepsPerEpoch, epochs, steps, history);
  }

  public long steps() {
    return stepsPerEpoch * epochs;
  }

  /// Epochs finished.
  public long epoch() {
    return step / stepsPerEpoch;
  }

  /// Part of the steps after the warm-up that is done, 0 … 1.
  double done() {
    double of = Math.max(1, steps() - warmup);
    return Math.clamp((step - warmup) / of, 0, 1);
  }
}
