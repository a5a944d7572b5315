package unfold.layer;

import unfold.random.Stream;
import unfold.tensor.Tensor;
import unfold.trace.Initializer;

/// Rows (of a weight seen as a matrix [O × rest]) that are orthogonal to each other and have length
/// `gain`; columns instead if there are fewer of them. Keeps lengths through many layers and time
/// steps.
///
/// Numerical notes: modified Gram–Schmidt, twice, in double; memory in proportion to the weight.
///
/// @source Saxe, McClelland, Ganguli: Exact solutions to the nonlinear dynamics of learning (2014)
public record Orthogonal(double gain) implements Initializer {
  public Orthogonal() {
    this(1);
  }

  @Override
  public void fill(Tensor t, Stream random) {
    int rows = t.shape().dim(0);
    int columns = Math.toIntExact(t.size() / Math.max(1, rows));
    boolean tall = rows > columns;
    double[][] basis = basis(Math.min(rows, columns), Math.max(rows, columns), random);
    for (int i = 0; i < rows; i++) {
      for (int j = 0; j < columns; j++) {
        t.set((long) i * columns + j, gain * (tall ? basis[j][i] : basis[i][j]));
      }
    }
  }

  private static double[][] basis(int count, int length, Stream random) {
    double[][] basis = new double[count][length];
    for (int i = 0; i < count; i++) {
      for (int k = 0; k < length; k++) {
        basis[i][k] = random.nextGaussian();
      }
      for (int pass = 0; pass < 2; pass++) {
        for (int j = 0; j < i; j++) {
          double along = dot(basis[i], basis[j]);
          for (int k = 0; k < length; k++) {
            basis[i][k] -= along * basis[j][k];
          }
        }
      }
      double size = Math.sqrt(dot(basis[i], basis[i]));
      for (int k = 0; k < length; k++) {
        basis[i][k] /= size;
      }
    }
    return basis;
  }

  private static double dot(double[] a, double[] b) {
    double sum = 0;
    for (int k = 0; k < a.length; k++) {
      sum += a[k] * b[k];
    }
    return sum;
  }
}
