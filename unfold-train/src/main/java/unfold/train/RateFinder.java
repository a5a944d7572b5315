package unfold.train;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import unfold.data.Batch;
import unfold.data.Loader;
import unfold.data.Loading;
import unfold.data.Splits;
import unfold.engine.Engine;
import unfold.engine.Settings;
import unfold.engine.TrainingStep;
import unfold.error.InputException;
import unfold.model.Model;
import unfold.run.States;

/// Finds a learning rate: trains for some steps while the rate rises from very low to far too high.
/// Nothing is kept of the network.
///
/// @source Smith: Cyclical learning rates for training neural networks (2017), 3.3; the smoothing
///   and the choice of the steepest place as Howard and Gugger describe them for fastai
public final class RateFinder {
  private static final double SMOOTHING = 0.9;
  private static final double FAR_TOO_HIGH = 4;

  private RateFinder() {}

  /// From 10⁻⁶ to 10 in 100 steps.
  public static RateSweep find(RunConfig config, Model model, Splits data, Settings settings) {
    return find(config, model, data, settings, 1e-6, 10, 100);
  }

  /// @param low first rate
  /// @param high last rate; the sweep ends before if the loss explodes
  /// @param steps how many
  public static RateSweep find(
      RunConfig config,
      Model model,
      Splits data,
      Settings settings,
      double low,
      double high,
      int steps) {
    if (!(low > 0 && high > low) || steps < 10) {
      throw new InputException(
          "a sweep from rate "
              + low
              + " to "
              + high
              + " in "
              + steps
              + " steps: rates must rise from above 0, in at least 10 steps");
    }
    RunData parts = RunData.of(config, data);
    Loading loading = Preparation.training(model, parts.train(), config).epochs(Long.MAX_VALUE);
    Engine engine = Engine.open(settings.precision(Setup.precision(config.recipe().precision())));
    TrainingStep step =
        engine.training(
            model, PictureSubject.settings(config, model), config.recipe().batch(), new States());
    var points = new ArrayList<RateSweep.Point>();
    double mean = 0;
    double lowest = Double.POSITIVE_INFINITY;
    try (var loader = Loader.of(parts.train(), loading)) {
      for (int k = 0; k < steps; k++) {
        double rate = low * Math.pow(high / low, (double) k / (steps - 1));
        Batch batch = loader.next();
        step.run(batch.pictures(), PictureSubject.targets(batch), rate, k + 1);
        double loss = step.loss();
        batch.release();
        mean = SMOOTHING * mean + (1 - SMOOTHING) * loss;
        double smoothed = mean / (1 - Math.pow(SMOOTHING, k + 1));
        if (!Double.isFinite(smoothed) || smoothed > FAR_TOO_HIGH * lowest) {
          break;
        }
        points.add(new RateSweep.Point(rate, loss, smoothed));
        lowest = Math.min(lowest, smoothed);
      }
    }
    return new RateSweep(points, steepest(points));
  }

  /// The rate at which the smoothed loss falls fastest over the logarithm of the rate, before its
  /// lowest place.
  static Optional<Double> steepest(List<RateSweep.Point> points) {
    int lowest = 0;
    for (int i = 1; i < points.size(); i++) {
      if (points.get(i).smoothed() < points.get(lowest).smoothed()) {
        lowest = i;
      }
    }
    double fastest = 0;
    Optional<Double> at = Optional.empty();
    for (int i = 1; i <= lowest; i++) {
      double fall = points.get(i - 1).smoothed() - points.get(i).smoothed();
      if (fall > fastest) {
        fastest = fall;
        at = Optional.of(points.get(i).rate());
      }
    }
    return at;
  }
}
