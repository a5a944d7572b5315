package unfold.backend.reference;

import java.util.List;
import unfold.op.SequenceProduct;
import unfold.op.SequenceProduct.OfSteps;
import unfold.op.SequenceProduct.OverSteps;

/// Products of the steps of sequences that count, row by row.
final class SequenceProductKernels {
  private SequenceProductKernels() {}

  static void run(SequenceProduct op, List<Numbers> in, Numbers out) {
    switch (op) {
      case OfSteps of -> ofSteps(of, in, out);
      case OverSteps _ -> overSteps(in, out);
    }
  }

  private static void ofSteps(OfSteps op, List<Numbers> in, Numbers y) {
    Numbers x = in.get(0);
    Numbers b = in.get(1);
    Numbers lengths = in.get(op.lengthsOperand());
    int depth = x.dim(2);
    int width = y.dim(2);
    y.fill(0);
    for (int t = 0; t < x.dim(0); t++) {
      for (int n = 0; n < x.dim(1); n++) {
        if (t >= lengths.get(n)) {
          continue;
        }
        long row = (long) t * x.dim(1) + n;
        for (int o = 0; o < width; o++) {
          double sum = op.bias() ? in.get(2).get(o) : 0;
          for (int d = 0; d < depth; d++) {
            long at = op.transposeB() ? (long) o * depth + d : (long) d * width + o;
            sum += x.get(row * depth + d) * b.get(at);
          }
          y.set(row * width + o, sum);
        }
      }
    }
  }

  private static void overSteps(List<Numbers> in, Numbers sums) {
    Numbers dy = in.get(0);
    Numbers x = in.get(1);
    Numbers lengths = in.get(2);
    int width = sums.dim(0);
    int depth = sums.dim(1);
    sums.fill(0);
    for (int t = 0; t < x.dim(0); t++) {
      for (int n = 0; n < x.dim(1); n++) {
        if (t >= lengths.get(n)) {
          continue;
        }
        long row = (long) t * x.dim(1) + n;
        for (int o = 0; o < width; o++) {
          for (int d = 0; d < depth; d++) {
            sums.add((long) o * depth + d, dy.get(row * width + o) * x.get(row * depth + d));
          }
        }
      }
    }
  }
}
