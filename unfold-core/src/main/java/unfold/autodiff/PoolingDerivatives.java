package unfold.autodiff;

import java.util.List;
import unfold.graph.Value;
import unfold.op.Movement.Pad;
import unfold.op.Movement.Slice;
import unfold.op.Op;
import unfold.op.Pointwise.Compare;
import unfold.op.Pointwise.Relation;
import unfold.op.Pooling;
import unfold.op.Pooling.AdaptiveAveragePool2d;
import unfold.op.Pooling.AdaptiveAveragePool2dGrad;
import unfold.op.Pooling.AdaptiveMaxPool2d;
import unfold.op.Pooling.AdaptiveMaxPool2dGrad;
import unfold.op.Pooling.AveragePool2d;
import unfold.op.Pooling.AveragePool2dGrad;
import unfold.op.Pooling.MaxPool2d;
import unfold.op.Pooling.MaxPool2dGrad;
import unfold.op.Window;
import unfold.tensor.Shape;

/// Derivatives of pooling. Means are linear, so pooling and its gradient are each other's
/// derivative. The gradient of a maximum goes where the maximum came from; the derivative of that
/// scattering takes the gradient from there.
final class PoolingDerivatives {
  private PoolingDerivatives() {}

  static void derive(Pooling op, Vjp vjp) {
    Shape x = vjp.operand(0).type().shape();
    int height = x.dim(2);
    int width = x.dim(3);
    switch (op) {
      case MaxPool2d p ->
          scatter(vjp, new MaxPool2dGrad(p.kernelH(), p.kernelW(), p.window(), height, width));
      case AdaptiveMaxPool2d _ -> scatter(vjp, new AdaptiveMaxPool2dGrad(height, width));
      case AveragePool2d p ->
          linear(
              vjp,
              new AveragePool2dGrad(
                  p.kernelH(), p.kernelW(), p.window(), p.countPadding(), height, width));
      case AveragePool2dGrad p ->
          linear(vjp, new AveragePool2d(p.kernelH(), p.kernelW(), p.window(), p.countPadding()));
      case AdaptiveAveragePool2d _ -> linear(vjp, new AdaptiveAveragePool2dGrad(height, width));
      case AdaptiveAveragePool2dGrad _ -> linear(vjp, new AdaptiveAveragePool2d(height, width));
      case MaxPool2dGrad p -> vjp.give(0, () -> taken(p, vjp));
      case AdaptiveMaxPool2dGrad _ -> vjp.refuse("has no second derivative here");
    }
  }

  /// For each window the element at its place: one candidate after the other, each a strided slice.
  private static Value taken(MaxPool2dGrad op, Vjp vjp) {
    Terms terms = vjp.terms();
    Window w = op.window();
    Value place = vjp.operand(1);
    Shape dy = place.type().shape();
    var before = List.of(0, 0, w.padTop(), w.padLeft());
    var after = List.of(0, 0, w.padBottom(), w.padRight());
    Value padded = terms.one(new Pad(before, after, 0), vjp.dy());
    Value taken = terms.zeros(vjp.operand(0));
    for (int i = 0; i < op.kernelH(); i++) {
      for (int j = 0; j < op.kernelW(); j++) {
        var starts = List.of(0, 0, i * w.dilationH(), j * w.dilationW());
        var steps = List.of(1, 1, w.strideH(), w.strideW());
        Value candidate = terms.one(new Slice(starts, dy.toList(), steps), padded);
        Value number = terms.fill(place.type(), i * op.kernelW() + j);
        Value here = terms.one(new Compare(Relation.EQUAL), place, number);
        taken = terms.select(here, candidate, taken);
      }
    }
    return taken;
  }

  private static void scatter(Vjp vjp, Op adjoint) {
    vjp.give(0, () -> vjp.terms().one(adjoint, vjp.dy(), vjp.result(1)));
  }

  private static void linear(Vjp vjp, Op adjoint) {
    vjp.give(0, () -> vjp.terms().one(adjoint, vjp.dy()));
  }
}
