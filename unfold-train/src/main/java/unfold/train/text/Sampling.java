package unfold.train.text;

import java.util.Arrays;
import unfold.error.InputException;
import unfold.random.Stream;
import unfold.tensor.Tensor;

/// How to choose from what a network thinks may follow: at random with probabilities
/// softmax(logits/temperature), from the `topK` likeliest.
///
/// @param temperature below 1 careful, above 1 wild
/// @param topK 0 for all
public record Sampling(double temperature, int topK) {
  /// As the network thinks.
  public static final Sampling PLAIN = new Sampling(1, 0);

  public Sampling {
    if (!(temperature > 0) || Double.isInfinite(temperature)) {
      throw new InputException(
          "the temperature must be above 0, but is "
              + temperature
              + ": near 0 always the likeliest is chosen (or take --top-k 1), at 1 all as often as"
              + " the network thinks");
    }
    if (topK < 0) {
      throw new InputException("top-k must be at least 1, or 0 for all, but is " + topK);
    }
  }

  /// The number of one token.
  ///
  /// @param logits whose first row counts
  int choose(Tensor logits, Stream random) {
    double[] weights = weights(logits);
    double sum = Arrays.stream(weights).sum();
    double left = random.nextDouble() * sum;
    int last = 0;
    for (int i = 0; i < weights.length; i++) {
      if (weights[i] > 0) {
        last = i;
        left -= weights[i];
        if (left < 0) {
          return i;
        }
      }
    }
    return last;
  }

  /// The probabilities of the first row, after temperature and top-k.
  double[] probabilities(Tensor logits) {
    double[] weights = weights(logits);
    double sum = Arrays.stream(weights).sum();
    return Arrays.stream(weights).map(w -> w / sum).toArray();
  }

  private double[] weights(Tensor logits) {
    int n = logits.shape().dim(-1);
    double[] x = new double[n];
    double max = Double.NEGATIVE_INFINITY;
    for (int i = 0; i < n; i++) {
      x[i] = logits.get(i);
      max = Math.max(max, x[i]);
    }
    double least = topK == 0 || topK >= n ? Double.NEGATIVE_INFINITY : ranked(x, topK);
    int room = topK == 0 ? n : topK;
    int above = (int) Arrays.stream(x).filter(v -> v > least).count();
    // Of several with the logit of the last place the first ones are taken.
    int ties = room - above;
    for (int i = 0; i < n; i++) {
      boolean taken = x[i] > least || x[i] == least && ties-- > 0;
      x[i] = taken ? Math.exp((x[i] - max) / temperature) : 0;
    }
    return x;
  }

  private static double ranked(double[] values, int place) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    return sorted[sorted.length - place];
  }
}
