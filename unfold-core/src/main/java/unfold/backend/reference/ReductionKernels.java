package unfold.backend.reference;

import java.util.List;
import unfold.op.Reduction;
import unfold.op.Reduction.ArgMax;
import unfold.op.Reduction.Fold;
import unfold.op.Reduction.Reduce;

/// Ops that fold axes.
final class ReductionKernels {
  private ReductionKernels() {}

  static void run(Reduction op, List<Numbers> in, List<Numbers> out) {
    switch (op) {
      case Reduce(Fold fold, List<Integer> axes, boolean _, var _) ->
          reduce(fold, axes, in.getFirst(), out.getFirst());
      case ArgMax(int axis) -> argMax(axis, in.getFirst(), out.getFirst());
    }
  }

  private static void reduce(Fold fold, List<Integer> axes, Numbers x, Numbers y) {
    long[] strides = foldedStrides(x, axes);
    y.fill(
        switch (fold) {
          case SUM, MEAN -> 0;
          case MAX -> Double.NEGATIVE_INFINITY;
          case MIN -> Double.POSITIVE_INFINITY;
        });
    double count = y.size() == 0 ? 1 : x.size() / y.size();
    for (long i = 0; i < x.size(); i++) {
      long at = Strides.offset(i, x.shape(), strides);
      y.set(
          at,
          switch (fold) {
            case SUM -> y.get(at) + x.get(i);
            case MEAN -> y.get(at) + x.get(i) / count;
            case MAX -> Math.max(y.get(at), x.get(i));
            case MIN -> Math.min(y.get(at), x.get(i));
          });
    }
  }

  /// Strides that lead from an index of x to the place of its fold: 0 along folded axes.
  private static long[] foldedStrides(Numbers x, List<Integer> axes) {
    long[] strides = new long[x.shape().rank()];
    long step = 1;
    for (int axis = strides.length - 1; axis >= 0; axis--) {
      if (!axes.contains(axis)) {
        strides[axis] = step;
        step *= x.dim(axis);
      }
    }
    return strides;
  }

  /// NaN counts as largest, as in pooling.
  private static void argMax(int axis, Numbers x, Numbers y) {
    var lines = Lines.along(x.shape(), axis);
    for (long l = 0; l < lines.count(); l++) {
      int best = 0;
      for (int i = 1; i < lines.extent(); i++) {
        double had = x.get(lines.at(l, best));
        double v = x.get(lines.at(l, i));
        if (v > had || (Double.isNaN(v) && !Double.isNaN(had))) {
          best = i;
        }
      }
      y.set(l, best);
    }
  }
}
