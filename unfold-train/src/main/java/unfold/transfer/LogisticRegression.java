package unfold.transfer;

import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.Iterator;

/// Multinomial logistic regression: W [C×D] and b [C] that make smallest
///
/// > mean over the rows of −log softmax(Wx + b)[y] + (λ/2)·‖W‖²
///
/// which is convex, so what is found does not depend on where the search began. Found by L-BFGS
/// from the last result on, in double; deterministic. Rows should be standardised.
///
/// @source Nocedal, Wright: Numerical optimization (2006), algorithms 7.4 and 7.5; the line search
///   halves the step until the decrease is sufficient (3.4)
final class LogisticRegression {
  private static final int MEMORY = 10;
  private static final int STEPS = 400;
  private static final double SMALL = 1e-6;

  private final double[] x;
  private final int[] y;
  private final int rows;
  private final int features;
  private final int classes;
  private final double[] scores;
  private double[] point;

  /// @param x rows × features
  LogisticRegression(double[] x, int[] y, int classes) {
    this.x = x;
    this.y = y;
    this.rows = y.length;
    this.features = x.length / y.length;
    this.classes = classes;
    this.scores = new double[classes];
    this.point = new double[classes * (features + 1)];
  }

  private record Pair(double[] step, double[] change, double inverse) {}

  /// Searches for the best weights for a λ, beginning with those of the last one.
  LogisticRegression fit(double lambda) {
    double[] gradient = new double[point.length];
    double value = objective(point, lambda, gradient);
    Deque<Pair> pairs = new ArrayDeque<>();
    for (int k = 0; k < STEPS && largest(gradient) > SMALL; k++) {
      double[] direction = direction(gradient, pairs);
      double slope = dot(direction, gradient);
      if (slope >= 0) {
        pairs.clear();
        direction = direction(gradient, pairs);
        slope = dot(direction, gradient);
      }
      double[] next = new double[point.length];
      double[] nextGradient = new double[point.length];
      double length = pairs.isEmpty() ? 1 / Math.max(1, Math.sqrt(-slope)) : 1;
      double reached = Double.NaN;
      for (int halvings = 0; halvings < 40; halvings++, length /= 2) {
        for (int i = 0; i < next.length; i++) {
          next[i] = point[i] + length * direction[i];
        }
        reached = objective(next, lambda, nextGradient);
        if (reached <= value + 1e-4 * length * slope) {
          break;
        }
      }
      if (!(reached < value)) {
        break; // as exact as double allows
      }
      remember(pairs, difference(next, point), difference(nextGradient, gradient));
      point = next;
      gradient = nextGradient;
      value = reached;
    }
    return this;
  }

  private static void remember(Deque<Pair> pairs, double[] step, double[] change) {
    double curvature = dot(step, change);
    if (curvature > 1e-12 * dot(change, change)) {
      if (pairs.size() == MEMORY) {
        pairs.removeFirst();
      }
      pairs.addLast(new Pair(step, change, 1 / curvature));
    }
  }

  /// −H·gradient, H from the last pairs.
  private static double[] direction(double[] gradient, Deque<Pair> pairs) {
    double[] d = gradient.clone();
    double[] alphas = new double[pairs.size()];
    int k = pairs.size();
    for (Iterator<Pair> it = pairs.descendingIterator(); it.hasNext(); ) {
      Pair p = it.next();
      alphas[--k] = p.inverse * dot(p.step, d);
      add(d, -alphas[k], p.change);
    }
    if (!pairs.isEmpty()) {
      Pair last = pairs.getLast();
      scale(d, 1 / (last.inverse * dot(last.change, last.change)));
    }
    for (Pair p : pairs) {
      add(d, alphas[k++] - p.inverse * dot(p.change, d), p.step);
    }
    scale(d, -1);
    return d;
  }

  /// The objective at w; its gradient is written to `gradient`.
  private double objective(double[] w, double lambda, double[] gradient) {
    Arrays.fill(gradient, 0);
    double sum = 0;
    for (int r = 0; r < rows; r++) {
      scores(w, x, r * features);
      double log = logSum();
      sum += log - scores[y[r]];
      for (int c = 0; c < classes; c++) {
        double error = (Math.exp(scores[c] - log) - (c == y[r] ? 1 : 0)) / rows;
        int row = c * (features + 1);
        for (int j = 0; j < features; j++) {
          gradient[row + j] += error * x[r * features + j];
        }
        gradient[row + features] += error;
      }
    }
    double squares = 0;
    for (int c = 0; c < classes; c++) {
      for (int j = 0; j < features; j++) {
        int i = c * (features + 1) + j;
        squares += w[i] * w[i];
        gradient[i] += lambda * w[i];
      }
    }
    return sum / rows + lambda / 2 * squares;
  }

  private void scores(double[] w, double[] from, int at) {
    for (int c = 0; c < classes; c++) {
      int row = c * (features + 1);
      double s = w[row + features];
      for (int j = 0; j < features; j++) {
        s += w[row + j] * from[at + j];
      }
      scores[c] = s;
    }
  }

  private double logSum() {
    double most = scores[best()];
    double sum = 0;
    for (double s : scores) {
      sum += Math.exp(s - most);
    }
    return most + Math.log(sum);
  }

  private int best() {
    int best = 0;
    for (int c = 1; c < classes; c++) {
      best = scores[c] > scores[best] ? c : best;
    }
    return best;
  }

  /// Mean −log of the probability of the right class over other rows.
  double loss(double[] others, int[] labels) {
    double sum = 0;
    for (int r = 0; r < labels.length; r++) {
      scores(point, others, r * features);
      sum += logSum() - scores[labels[r]];
    }
    return sum / labels.length;
  }

  /// The likeliest class of a row.
  int answer(double[] others, int row) {
    scores(point, others, row * features);
    return best();
  }

  /// Weights and bias of the classes one after the other: C×(D+1).
  double[] weights() {
    return point.clone();
  }

  private static double dot(double[] a, double[] b) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += a[i] * b[i];
    }
    return sum;
  }

  private static void add(double[] to, double factor, double[] what) {
    for (int i = 0; i < to.length; i++) {
      to[i] += factor * what[i];
    }
  }

  private static void scale(double[] a, double factor) {
    for (int i = 0; i < a.length; i++) {
      a[i] *= factor;
    }
  }

  private static double[] difference(double[] a, double[] b) {
    double[] d = new double[a.length];
    for (int i = 0; i < d.length; i++) {
      d[i] = a[i] - b[i];
    }
    return d;
  }

  private static double largest(double[] a) {
    double most = 0;
    for (double v : a) {
      most = Math.max(most, Math.abs(v));
    }
    return most;
  }
}
