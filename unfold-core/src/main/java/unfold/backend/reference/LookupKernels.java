package unfold.backend.reference;

import java.util.List;
import unfold.op.Lookup;
import unfold.op.Lookup.Constant;
import unfold.op.Lookup.Fill;
import unfold.op.Lookup.Gather;
import unfold.op.Lookup.GatherGrad;

/// Rows of a table by index, and constants.
final class LookupKernels {
  private LookupKernels() {}

  static void run(Lookup op, List<Numbers> in, List<Numbers> out) {
    Numbers y = out.getFirst();
    switch (op) {
      case Fill(var _, double value) -> y.fill(value);
      case Constant(var _, List<Double> values) -> {
        for (int i = 0; i < values.size(); i++) {
          y.set(i, values.get(i));
        }
      }
      case Gather() -> {
        Numbers table = in.get(0);
        int width = table.dim(1);
        for (long i = 0; i < in.get(1).size(); i++) {
          long row = (long) in.get(1).get(i);
          boolean inside = row >= 0 && row < table.dim(0);
          for (int d = 0; d < width; d++) {
            y.set(i * width + d, inside ? table.get(row * width + d) : Double.NaN);
          }
        }
      }
      case GatherGrad(int rows, var _) -> {
        y.fill(0);
        int width = y.dim(1);
        for (long i = 0; i < in.get(1).size(); i++) {
          long row = (long) in.get(1).get(i);
          for (int d = 0; d < width && row >= 0 && row < rows; d++) {
            y.add(row * width + d, in.get(0).get(i * width + d));
          }
        }
      }
    }
  }
}
