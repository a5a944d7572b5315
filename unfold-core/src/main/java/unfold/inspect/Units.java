package unfold.inspect;

import java.util.Comparator;
import java.util.List;
import java.util.function.IntToDoubleFunction;
import java.util.stream.IntStream;
import unfold.tensor.Tensor;

/// The units of a layer while a text is read: which of them are worth looking at.
///
/// @param what the values are
/// @param values f32 [T×width]
public record Units(Within what, Tensor values) {

  /// A unit and how well it serves: its correlation with a trait of the text in −1 … 1, or its
  /// variance.
  public record Ranked(int unit, double score) {}

  public int count() {
    return values.shape().dim(1);
  }

  /// What a unit held after each character, as numbers in −1 … 1 ([Within#signed]).
  public double[] along(int unit) {
    int steps = values.shape().dim(0);
    double[] numbers = new double[steps];
    for (int t = 0; t < steps; t++) {
      numbers[t] = what.signed(values.get((long) t * count() + unit));
    }
    return numbers;
  }

  /// The units that go most with a trait or against it, the best first.
  ///
  /// r = cov(unit, trait) / √( var(unit)·var(trait) ); 0 where one of them never changes.
  public List<Ranked> following(double[] trait) {
    return ranked(unit -> correlation(along(unit), trait), Comparator.comparingDouble(Math::abs));
  }

  /// The units that change most, the liveliest first.
  public List<Ranked> liveliest() {
    return ranked(
        unit -> {
          double[] x = along(unit);
          return covariance(x, x);
        },
        Comparator.naturalOrder());
  }

  private List<Ranked> ranked(IntToDoubleFunction score, Comparator<Double> order) {
    return IntStream.range(0, count())
        .mapToObj(unit -> new Ranked(unit, score.applyAsDouble(unit)))
        .sorted(Comparator.comparing(Ranked::score, order).reversed())
        .toList();
  }

  private static double correlation(double[] x, double[] y) {
    double spread = Math.sqrt(covariance(x, x) * covariance(y, y));
    return spread == 0 ? 0 : covariance(x, y) / spread;
  }

  private static double covariance(double[] x, double[] y) {
    double meanX = 0;
    double meanY = 0;
    for (int i = 0; i < x.length; i++) {
      meanX += x[i] / x.length;
      meanY += y[i] / x.length;
    }
    double sum = 0;
    for (int i = 0; i < x.length; i++) {
      sum += (x[i] - meanX) * (y[i] - meanY);
    }
    return sum / x.length;
  }
}
