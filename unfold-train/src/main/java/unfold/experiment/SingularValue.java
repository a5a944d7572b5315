package unfold.experiment;

/// The factor by which a matrix stretches the vector that it stretches most.
final class SingularValue {
  private static final int ROUNDS = 500;
  private static final double CLOSE = 1e-9;

  private SingularValue() {}

  /// By power iteration on AᵀA from a fixed start; where the two largest lie close together the
  /// result is between them.
  static double largest(double[][] a) {
    int n = a[0].length;
    double[] v = new double[n];
    for (int k = 0; k < n; k++) {
      v[k] = 1 + 0.5 * Math.sin(1 + k);
    }
    double value = 0;
    for (int round = 0; round < ROUNDS; round++) {
      double[] u = times(a, unit(v));
      double next = length(u);
      v = timesTransposed(a, u);
      if (next == 0 || Math.abs(next - value) <= CLOSE * next) {
        return next;
      }
      value = next;
    }
    return value;
  }

  private static double[] unit(double[] v) {
    double size = length(v);
    double[] unit = v.clone();
    for (int k = 0; k < unit.length && size > 0; k++) {
      unit[k] /= size;
    }
    return unit;
  }

  private static double[] times(double[][] a, double[] v) {
    double[] product = new double[a.length];
    for (int i = 0; i < a.length; i++) {
      for (int k = 0; k < v.length; k++) {
        product[i] += a[i][k] * v[k];
      }
    }
    return product;
  }

  private static double[] timesTransposed(double[][] a, double[] u) {
    double[] product = new double[a[0].length];
    for (int i = 0; i < a.length; i++) {
      for (int k = 0; k < product.length; k++) {
        product[k] += a[i][k] * u[i];
      }
    }
    return product;
  }

  private static double length(double[] v) {
    double sum = 0;
    for (double x : v) {
      sum += x * x;
    }
    return Math.sqrt(sum);
  }
}
