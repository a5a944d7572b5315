package unfold.autodiff;

import unfold.op.Randomness;
import unfold.op.Randomness.Dropout;
import unfold.op.Randomness.Uniform;

/// Derivatives of the random ops, for the numbers that were drawn.
final class RandomnessDerivatives {
  private RandomnessDerivatives() {}

  static void derive(Randomness op, Vjp vjp) {
    switch (op) {
      case Dropout dropout -> vjp.give(0, () -> vjp.terms().one(dropout, vjp.dy(), vjp.operand(1)));
      case Uniform _ -> {}
    }
  }
}
