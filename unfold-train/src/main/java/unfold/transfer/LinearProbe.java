package unfold.transfer;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.stream.IntStream;
import unfold.error.InputException;
import unfold.random.Stream;
import unfold.tensor.Tensor;

/// How well a linear classifier does on features, after the best training it can have: features
/// standardised by the training pictures, L2 chosen among seven strengths by the loss on training
/// pictures held out (five folds, or a fifth where there are many), then fitted on all of them.
/// What it is measured on has no part in that.
///
/// @param features numbers that a picture is described by
/// @param l2 the strength chosen
/// @param training part of the training pictures that it gets right
/// @param accuracy part of the pictures measured on that it gets right
/// @param loss mean −log of the probability of the right class on these
/// @param right which of these
public record LinearProbe(
    int features, double l2, double training, double accuracy, double loss, List<Boolean> right) {
  private static final List<Double> STRENGTHS = List.of(10.0, 3.0, 1.0, 0.1, 1e-2, 1e-3, 1e-4);
  private static final int FOLDS = 5;
  private static final int FEW = 500;

  public LinearProbe {
    right = List.copyOf(right);
  }

  /// @param train features [N×D] of the pictures to learn from
  /// @param measured features of the pictures to measure on
  /// @param seed of the folds
  public static LinearProbe fit(
      Tensor train,
      List<Integer> labels,
      Tensor measured,
      List<Integer> measuredLabels,
      int classes,
      long seed) {
    if (labels.stream().distinct().count() < 2) {
      throw new InputException(
          "a linear probe needs pictures of two classes or more to learn from, but there are "
              + labels.size()
              + " of one class");
    }
    var scaling = Scaling.of(train);
    double[] x = scaling.apply(train);
    int[] y = array(labels);
    double l2 = strength(x, y, classes, folds(y, seed));
    var fitted = new LogisticRegression(x, y, classes);
    for (double lambda : STRENGTHS) {
      if (lambda >= l2) {
        fitted.fit(lambda);
      }
    }
    double[] other = scaling.apply(measured);
    int[] otherLabels = array(measuredLabels);
    List<Boolean> right = right(fitted, other, otherLabels);
    return new LinearProbe(
        x.length / y.length,
        l2,
        share(right(fitted, x, y)),
        share(right),
        fitted.loss(other, otherLabels),
        right);
  }

  /// The strength with the smallest loss on what was held out.
  private static double strength(double[] x, int[] y, int classes, int[] fold) {
    int d = x.length / y.length;
    double[] losses = new double[STRENGTHS.size()];
    int tried = y.length <= FEW ? FOLDS : 1;
    for (int k = 0; k < tried; k++) {
      int held = k;
      int[] in = IntStream.range(0, y.length).filter(i -> fold[i] != held).toArray();
      int[] out = IntStream.range(0, y.length).filter(i -> fold[i] == held).toArray();
      if (in.length == 0 || out.length == 0) {
        continue;
      }
      var fitted = new LogisticRegression(rows(x, in, d), labels(y, in), classes);
      double[] outRows = rows(x, out, d);
      int[] outLabels = labels(y, out);
      for (int s = 0; s < losses.length; s++) {
        losses[s] += fitted.fit(STRENGTHS.get(s)).loss(outRows, outLabels) * out.length;
      }
    }
    int best = 0;
    for (int s = 1; s < losses.length; s++) {
      best = losses[s] < losses[best] ? s : best;
    }
    return STRENGTHS.get(best);
  }

  /// The fold of each item: every class is dealt out in an order of its own.
  private static int[] folds(int[] y, long seed) {
    int[] order = Stream.of(seed, "transfer/folds", 0).permutation(y.length);
    int[] fold = new int[y.length];
    var dealt = new HashMap<Integer, Integer>();
    for (int i : order) {
      fold[i] = (dealt.merge(y[i], 1, Integer::sum) - 1) % FOLDS;
    }
    return fold;
  }

  private static List<Boolean> right(LogisticRegression fitted, double[] x, int[] y) {
    var right = new ArrayList<Boolean>();
    for (int r = 0; r < y.length; r++) {
      right.add(fitted.answer(x, r) == y[r]);
    }
    return right;
  }

  private static double share(List<Boolean> right) {
    return (double) right.stream().filter(r -> r).count() / right.size();
  }

  private static double[] rows(double[] x, int[] items, int d) {
    double[] out = new double[items.length * d];
    for (int r = 0; r < items.length; r++) {
      System.arraycopy(x, items[r] * d, out, r * d, d);
    }
    return out;
  }

  private static int[] labels(int[] y, int[] items) {
    return IntStream.of(items).map(i -> y[i]).toArray();
  }

  private static int[] array(List<Integer> labels) {
    return labels.stream().mapToInt(Integer::intValue).toArray();
  }

  /// Mean 0 and variance 1 for each feature of the training pictures.
  private static final class Scaling {
    private final double[] mean;
    private final double[] factor;

    private Scaling(double[] mean, double[] factor) {
      this.mean = mean;
      this.factor = factor;
    }

    static Scaling of(Tensor t) {
      int n = t.shape().dim(0);
      int d = Math.toIntExact(t.size() / n);
      double[] mean = new double[d];
      double[] factor = new double[d];
      for (int i = 0; i < n * d; i++) {
        mean[i % d] += t.get(i) / n;
      }
      for (int i = 0; i < n * d; i++) {
        double off = t.get(i) - mean[i % d];
        factor[i % d] += off * off / n;
      }
      for (int j = 0; j < d; j++) {
        // A feature that never changes says nothing.
        factor[j] = factor[j] > 1e-20 ? 1 / Math.sqrt(factor[j]) : 0;
      }
      return new Scaling(mean, factor);
    }

    double[] apply(Tensor t) {
      int d = mean.length;
      double[] out = new double[Math.toIntExact(t.size())];
      for (int i = 0; i < out.length; i++) {
        out[i] = (t.get(i) - mean[i % d]) * factor[i % d];
      }
      return out;
    }
  }
}
