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
public record Updating(
    double clipNorm, double clipValue, Map<String, Double> rates, boolean decayAll) {
  public static final Updating PLAIN = new Updating(0, 0, Map.of(), false);

  public Updating {
    if (!(clipNorm >= 0 && clipValue >= 0)) {
      throw new IllegalArgumentException(
          "clipping to norm " + clipNorm + " or value " + clipValue + " must not be negative");
    }
    rates = Map.copyOf(rates);
  }

  public Updating clipNorm(double to) {
    return new Updating(to, clipValue, rates, decayAll);
  }

  public Updating clipValue(double to) {
    return new Updating(clipNorm, to, rates, decayAll);
  }

  public Updating rates(Map<String, Double> byPrefix) {
    return new Updating(clipNorm, clipValue, byPrefix, decayAll);
  }

  public Updating decayAll(boolean all) {
    return new Updating(clipNorm, clipValue, rates, all);
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
