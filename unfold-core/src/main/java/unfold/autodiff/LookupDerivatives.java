package unfold.autodiff;

import unfold.op.Lookup;
import unfold.op.Lookup.Constant;
import unfold.op.Lookup.Fill;
import unfold.op.Lookup.Gather;
import unfold.op.Lookup.GatherGrad;

/// Derivatives of the look-ups. Constants have no operands.
final class LookupDerivatives {
  private LookupDerivatives() {}

  static void derive(Lookup op, Vjp vjp) {
    Terms terms = vjp.terms();
    switch (op) {
      case Gather _ ->
          vjp.give(
              0,
              () -> {
                var table = vjp.operand(0).type();
                return terms.one(
                    new GatherGrad(table.shape().dim(0), table.dtype()), vjp.dy(), vjp.operand(1));
              });
      case GatherGrad _ ->
          vjp.give(
              0, () -> terms.cast(terms.one(new Gather(), vjp.dy(), vjp.operand(1)), vjp.dtype(0)));
      case Fill _, Constant _ -> {}
    }
  }
}
