package unfold.layer;

import unfold.op.Randomness;
import unfold.trace.Scope;
import unfold.trace.Var;

/// Drops this whole branch for an item of the batch with probability `rate` in training and divides
/// the others by 1 − rate; the identity in evaluation and in a frozen scope.
///
/// Shapes: as x. No parameters. Which ones are dropped depends on the seed, the step and the path
/// of the layer only.
///
/// @source Huang, Sun, Liu, Sedra, Weinberger: Deep networks with stochastic depth (2016)
public record DropPath(double rate) implements Layer {
  public DropPath {
    if (!(rate >= 0 && rate < 1)) {
      throw new IllegalArgumentException("dropout rate " + rate + " must be in [0, 1)");
    }
  }

  @Override
  public Var apply(Scope s, Var x) {
    if (rate == 0 || !s.training()) {
      return x;
    }
    var op = new Randomness.Dropout(rate, s.stream(), Randomness.Grain.ITEM);
    return s.apply(op, x, s.key());
  }
}
