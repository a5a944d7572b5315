package unfold.backend.reference;

import java.util.List;
import unfold.op.Linear;
import unfold.op.Linear.MatMul;

/// Matrix products.
final class LinearKernels {
  private LinearKernels() {}

  static void run(Linear op, List<Numbers> in, List<Numbers> out) {
    switch (op) {
      case MatMul matMul -> matMul(matMul, in, out.getFirst());
    }
  }

  private static void matMul(MatMul op, List<Numbers> in, Numbers y) {
    Numbers a = in.get(0);
    Numbers b = in.get(1);
    int m = y.dim(-2);
    int n = y.dim(-1);
    int k = a.dim(op.transposeA() ? -2 : -1);
    long matrices = m == 0 || n == 0 ? 0 : y.size() / ((long) m * n);
    for (long batch = 0; batch < matrices; batch++) {
      long fromA = batch * m * k;
      long fromB = b.shape().rank() == 2 ? 0 : batch * k * n;
      for (int i = 0; i < m; i++) {
        for (int j = 0; j < n; j++) {
          double sum = in.size() > 2 ? in.get(2).get(j) : 0;
          for (int l = 0; l < k; l++) {
            long atA = op.transposeA() ? (long) l * m + i : (long) i * k + l;
            long atB = op.transposeB() ? (long) j * k + l : (long) l * n + j;
            sum += a.get(fromA + atA) * b.get(fromB + atB);
          }
          y.set((batch * m + i) * n + j, Functions.activate(op.activation(), sum));
        }
      }
    }
  }
}
