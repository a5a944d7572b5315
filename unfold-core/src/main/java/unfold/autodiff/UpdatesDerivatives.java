package unfold.autodiff;

import unfold.graph.Value;
import unfold.op.Pointwise.BinaryFunction;
import unfold.op.Updates;
import unfold.op.Updates.Adagrad;
import unfold.op.Updates.Adam;
import unfold.op.Updates.GlobalNorm;
import unfold.op.Updates.RmsProp;
import unfold.op.Updates.Sgd;

/// Derivatives of what optimisers do: of the norm only. Nobody differentiates through an update.
final class UpdatesDerivatives {
  /// Under the norm where the gradient is divided by it, so that the gradient at 0 is 0.
  private static final double LEAST_NORM = 1e-30;

  private UpdatesDerivatives() {}

  static void derive(Updates op, Vjp vjp) {
    switch (op) {
      case GlobalNorm _ -> {
        Terms terms = vjp.terms();
        Value norm = vjp.result(0);
        Value share =
            terms.divide(
                vjp.dy(),
                terms.binary(BinaryFunction.MAXIMUM, norm, terms.fill(norm.type(), LEAST_NORM)));
        vjp.giveEach(i -> terms.multiply(vjp.operand(i), terms.cast(share, vjp.dtype(i))));
      }
      case Sgd _, Adam _, RmsProp _, Adagrad _ ->
          vjp.refuse("is an update, which has no derivative here");
    }
  }
}
