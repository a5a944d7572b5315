package unfold.testkit;

import java.util.Optional;
import unfold.tensor.Tensor;

/// How far a result is from the reference.
///
/// @param worst largest error as a share of what the tolerance allows; at most 1 is good
/// @param complaint where it is worst, if that is too much
public record Comparison(double worst, Optional<String> complaint) {

  static Comparison of(String what, Tensor got, Tensor want, Tolerance tolerance) {
    double largest = 0;
    for (long i = 0; i < want.size(); i++) {
      double v = Math.abs(want.get(i));
      largest = Double.isFinite(v) ? Math.max(largest, v) : largest;
    }
    double worst = 0;
    long at = 0;
    int wrong = 0;
    for (long i = 0; i < want.size(); i++) {
      double error = share(got.get(i), want.get(i), largest, tolerance);
      wrong += error > 1 ? 1 : 0;
      if (error > worst) {
        worst = error;
        at = i;
      }
    }
    if (worst <= 1) {
      return new Comparison(worst, Optional.empty());
    }
    return new Comparison(
        worst,
        Optional.of(
            what
                + " "
                + want.type()
                + ": "
                + wrong
                + " of "
                + want.size()
                + " elements are off; worst at "
                + index(at, want)
                + ": got "
                + got.get(at)
                + ", reference "
                + want.get(at)
                + " ("
                + "%.3g".formatted(worst)
                + " times what "
                + tolerance
                + " allows)"));
  }

  private static double share(double got, double want, double largest, Tolerance tolerance) {
    if (got == want || (Double.isNaN(got) && Double.isNaN(want))) {
      return 0;
    }
    double allowed = tolerance.relative() * Math.abs(want) + tolerance.ofLargest() * largest;
    double share = Math.abs(got - want) / allowed;
    return Double.isNaN(share) ? Double.POSITIVE_INFINITY : share;
  }

  private static String index(long i, Tensor t) {
    var text = new StringBuilder();
    for (int axis = t.shape().rank() - 1; axis >= 0; axis--) {
      text.insert(0, (axis == 0 ? "" : ", ") + i % t.shape().dim(axis));
      i /= t.shape().dim(axis);
    }
    return "[" + text + "]";
  }
}
