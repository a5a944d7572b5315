package unfold.train;

import java.util.List;
import java.util.Optional;

/// Losses met while the learning rate rose.
///
/// @param points in the order of the rates
/// @param suggested a rate to train with: where the loss fell most steeply; empty if it never fell
public record RateSweep(List<Point> points, Optional<Double> suggested) {
  public RateSweep {
    points = List.copyOf(points);
  }

  /// @param loss of the step's batch
  /// @param smoothed running mean of the losses so far
  public record Point(double rate, double loss, double smoothed) {}

  /// Loss over rate, the rate on a logarithmic axis.
  public Chart chart() {
    List<Double> rates = points.stream().map(Point::rate).toList();
    return new Chart(
        suggested.map(r -> "suggested rate " + Text.number(r, 2)).orElse("no rate to suggest"),
        "learning rate",
        "loss",
        Optional.empty(),
        true,
        List.of(
            new Chart.Line(
                "smoothed", '*', false, rates, points.stream().map(Point::smoothed).toList())));
  }
}
