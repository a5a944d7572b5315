package unfold.layer;

import unfold.tensor.DType;
import unfold.tensor.Shape;
import unfold.trace.Scope;
import unfold.trace.Var;

/// [DropPath] whose rate grows with training: an item's branch is dropped with probability r =
/// rate·min(1, step/steps) and divided by 1 − r otherwise. The identity in evaluation and in a
/// frozen scope.
///
/// Shapes: x [N×C×H×W] → the same. No parameters. Which items are dropped depends on the seed, the
/// step and the path of the layer only. Steps count to 2³¹.
///
/// @source Zoph, Vasudevan, Shlens, Le: Learning transferable architectures (2018), A.2
public record ScheduledDropPath(double rate, long steps) implements Layer {
  public ScheduledDropPath {
    if (!(rate >= 0 && rate < 1) || steps < 1) {
      throw new IllegalArgumentException(
          "dropout rate " + rate + " must be in [0, 1), and steps " + steps + " at least 1");
    }
  }

  @Override
  public Var apply(Scope s, Var x) {
    if (rate == 0 || !s.training()) {
      return x;
    }
    if (x.rank() != 4) {
      throw s.error("scheduled_drop_path: x [" + x.shape() + "] must be N×C×H×W");
    }
    Var step = s.key().slice(0, 2, 1).cast(DType.F32);
    Var now = step.divide(steps).minimum(1).multiply(rate);
    Var keep = s.uniform(Shape.of(x.dim(0))).atLeast(now);
    return x.multiply(keep.divide(now.affine(-1, 1)).reshape(x.dim(0), 1, 1, 1));
  }
}
