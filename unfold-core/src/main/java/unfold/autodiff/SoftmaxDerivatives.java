package unfold.autodiff;

import java.util.List;
import unfold.graph.Value;
import unfold.op.Pointwise.UnaryFunction;
import unfold.op.Softmaxes;
import unfold.op.Softmaxes.LogSoftmax;
import unfold.op.Softmaxes.LogSoftmaxGrad;
import unfold.op.Softmaxes.Softmax;
import unfold.op.Softmaxes.SoftmaxCrossEntropy;
import unfold.op.Softmaxes.SoftmaxCrossEntropyGrad;
import unfold.op.Softmaxes.SoftmaxGrad;

/// Derivatives of the softmaxes and the loss on top of them. Below, s(·) sums along the axis.
final class SoftmaxDerivatives {
  private SoftmaxDerivatives() {}

  static void derive(Softmaxes op, Vjp vjp) {
    Terms terms = vjp.terms();
    switch (op) {
      case Softmax(int axis) ->
          vjp.give(0, () -> terms.one(new SoftmaxGrad(axis), vjp.dy(), vjp.result(0)));
      case LogSoftmax(int axis) ->
          vjp.give(0, () -> terms.one(new LogSoftmaxGrad(axis), vjp.dy(), vjp.result(0)));
      case SoftmaxGrad(int axis) -> softmaxGrad(axis, vjp);
      case LogSoftmaxGrad(int axis) -> logSoftmaxGrad(axis, vjp);
      case SoftmaxCrossEntropy(double smoothing, int ignore) ->
          vjp.give(
              0,
              () ->
                  terms.one(
                      new SoftmaxCrossEntropyGrad(smoothing, ignore),
                      vjp.dy(),
                      vjp.operand(0),
                      vjp.operand(1)));
      case SoftmaxCrossEntropyGrad _ -> vjp.refuse("has no second derivative here");
    }
  }

  /// Of d = y·(g − s(g·y)), with u the gradient of d. In g: the same op on u, since the Jacobian is
  /// symmetric; in y: u·(g − s(g·y)) − g·s(u·y).
  private static void softmaxGrad(int axis, Vjp vjp) {
    Terms terms = vjp.terms();
    Value u = vjp.dy();
    Value g = vjp.operand(0);
    Value y = vjp.operand(1);
    vjp.give(0, () -> terms.one(new SoftmaxGrad(axis), u, y));
    vjp.give(
        1,
        () -> {
          Value gy = terms.sumKeeping(terms.multiply(g, y), List.of(axis));
          Value uy = terms.sumKeeping(terms.multiply(u, y), List.of(axis));
          return terms.subtract(terms.multiply(u, terms.subtract(g, gy)), terms.multiply(g, uy));
        });
  }

  /// Of d = g − eʸ·s(g): in g: u − s(u·eʸ); in y: −u·eʸ·s(g).
  private static void logSoftmaxGrad(int axis, Vjp vjp) {
    Terms terms = vjp.terms();
    Value weighted = terms.multiply(vjp.dy(), terms.unary(UnaryFunction.EXP, vjp.operand(1)));
    vjp.give(0, () -> terms.subtract(vjp.dy(), terms.sumKeeping(weighted, List.of(axis))));
    vjp.give(
        1,
        () ->
            terms.negate(
                terms.multiply(weighted, terms.sumKeeping(vjp.operand(0), List.of(axis)))));
  }
}
