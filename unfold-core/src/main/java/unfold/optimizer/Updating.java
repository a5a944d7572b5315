package unfold.optimizer;

import java.util.Map;

/// What goes with an update, whatever the rule.
///
/// @param clipNorm if > 0, all gradients together are scaled down to at most this norm; result
///   `gradient_norm` is the norm before
/// @param clipValue if > 0, each number of a gradient is limited to ± this; result `gradient_max`
///   is the largest size of one before
/// @param rates factors on the learning rate by prefix of the parameter's name (`layer1` → 0.1);
///   the longest that fits counts, none means 1
/// @param decayAll whether weight decay applies also to biases and to scales and shifts
/// @param average if > 0, the decay d of a running average of all that learns, running statistics
///   included: state `optimizer.average.NAME`, a ← a + (1 − dₜ)·(p − a) after each step t = 1, 2, …
///   with dₜ = min(d, (t − 1)/(t + 8)), so that the first values count little
/// @source the average: Polyak, Juditsky: Acceleration of stochastic approximation by averaging
///   (1992); the rise of its decay as in tf.train.ExponentialMovingAverage's `num_updates`
public record Updating(
    double clipNorm,
    double clipValue,
    Map<String, Double> rates,
    boolean decayAll,
    double average) {
  public static final Updating PLAIN = new Updating(0, 0, Map.of(), false, 0);

  /// What the names of averages begin with.
  public static final String AVERAGE = "optimizer.average.";

  public Updating {
    if (!(clipNorm >= 0 && clipValue >= 0)) {
      throw new IllegalArgumentException(
          "clipping to norm " + clipNorm + " or value " + clipValue + " must not be negative");
    }
    if (!(average >= 0 && average < 1)) {
      throw new IllegalArgumentException("decay " + average + " of the average must be in 0 … 1");
    }
    rates = Map.copyOf(rates);
  }

  public Updating clipNorm(double to) {
    return new Updating(to, clipValue, rates, decayAll, average);
  }

  public Updating clipValue(double to) {
    return new Updating(clipNorm, to, rates, decayAll, average);
  }

  public Updating rates(Map<String, Double> byPrefix) {
    return new Updating(clipNorm, clipValue, byPrefix, decayAll, average);
  }

  public Updating decayAll(boolean all) {
    return new Updating(clipNorm, clipValue, rates, all, average);
  }

  public Updating average(double decay) {
    return new Updating(clipNorm, clipValue, rates, decayAll, decay);
  }

  /// The factor on the learning rate of a parameter.
  double factor(String name) {
    String best = null;
    for (String prefix : rates.keySet()) {
      boolean fits = prefix.isEmpty() || name.equals(prefix) || name.startsWith(prefix + ".");
      if (fits && (best == null || prefix.length() > best.length())) {
        best = prefix;
      }
    }
    return best == null ? 1 : rates.getOrDefault(best, 1.0);
  }
}
