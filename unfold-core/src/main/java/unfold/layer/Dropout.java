package unfold.layer;

import unfold.op.Randomness;
import unfold.trace.Scope;
import unfold.trace.Var;

/// Sets each number to zero with probability `rate` in training and divides the others by 1 − rate;
/// the identity in evaluation and in a frozen scope.
///
/// Shapes: as x. No parameters. Which ones are dropped depends on the seed, the step and the path
/// of the layer only.
///
/// @source Srivastava, Hinton, Krizhevsky, Sutskever, Salakhutdinov: Dropout (2014)
public record Dropout(double rate) implements Layer {
  public Dropout {
    if (!(rate >= 0 && rate < 1)) {
      throw new IllegalArgumentException("dropout rate " + rate + " must be in [0, 1)");
    }
  }

  @Override
  public Var apply(Scope s, Var x) {
    if (rate == 0 || !s.training()) {
      return x;
    }
    var op = new Randomness.Dropout(rate, s.stream(), Randomness.Grain.ELEMENT);
    return s.apply(op, x, s.key());
  }
}
