package unfold.train;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import unfold.optimizer.Schedule;

/// A schedule drawn before it runs.
public final class SchedulePlot {
  private static final int POINTS = 300;

  private SchedulePlot() {}

  /// Learning rate over epochs.
  ///
  /// @param rate base learning rate
  public static Chart of(Schedule schedule, double rate, long stepsPerEpoch, int epochs) {
    int points = (int) Math.min(POINTS, Math.max(2, stepsPerEpoch * epochs));
    List<Double> factors = schedule.sample(stepsPerEpoch, epochs, points);
    var x = new ArrayList<Double>();
    for (int i = 0; i < points; i++) {
      x.add((double) epochs * i / (points - 1));
    }
    var line = new Chart.Line("rate", '*', false, x, factors.stream().map(f -> f * rate).toList());
    return new Chart(
        schedule.text(), "epoch", "learning rate", Optional.empty(), false, List.of(line));
  }
}
