package unfold.autodiff;

import java.util.List;
import unfold.graph.Value;
import unfold.op.Convolution;
import unfold.op.Convolution.Conv2d;
import unfold.op.Convolution.Conv2dWeightGrad;
import unfold.op.Convolution.ConvTranspose2d;
import unfold.op.Window;
import unfold.tensor.DType;
import unfold.tensor.Shape;

/// Derivatives of the convolutions. The three ops are the three ways to fold the trilinear form Σ
/// dy·w·x, so the derivative of each is made of the other two.
final class ConvolutionDerivatives {
  private ConvolutionDerivatives() {}

  static void derive(Convolution op, Vjp vjp) {
    switch (op) {
      case Conv2d conv -> conv2d(conv, vjp);
      case ConvTranspose2d(Window window, int groups, _, _) -> {
        Value w = vjp.operand(1);
        vjp.give(0, () -> vjp.terms().one(new Conv2d(window, groups), vjp.dy(), w));
        vjp.give(1, () -> weightGrad(vjp, window, groups, vjp.dy(), vjp.operand(0), w));
      }
      case Conv2dWeightGrad(Window window, int groups, _, _, _) -> {
        Value x = vjp.operand(0);
        Value w = vjp.terms().cast(vjp.dy(), vjp.dtype(0));
        vjp.give(0, () -> inputGrad(vjp, window, groups, vjp.operand(1), w, x));
        vjp.give(1, () -> vjp.terms().one(new Conv2d(window, groups), x, w));
      }
    }
  }

  private static void conv2d(Conv2d op, Vjp vjp) {
    Value x = vjp.operand(0);
    Value w = vjp.operand(1);
    Value dz = vjp.dyBefore(op.activation(), () -> new Conv2d(op.window(), op.groups()));
    vjp.give(2, () -> vjp.terms().sum(dz, List.of(0, 2, 3), vjp.dtype(2)));
    vjp.give(1, () -> weightGrad(vjp, op.window(), op.groups(), x, dz, w));
    vjp.give(0, () -> inputGrad(vjp, op.window(), op.groups(), dz, w, x));
    vjp.give(3, () -> dz);
  }

  private static Value inputGrad(Vjp vjp, Window window, int groups, Value dy, Value w, Value x) {
    Shape shape = x.type().shape();
    return vjp.terms()
        .one(
            new ConvTranspose2d(window, groups, shape.dim(2), shape.dim(3)),
            dy,
            vjp.terms().cast(w, dy.type().dtype()));
  }

  private static Value weightGrad(Vjp vjp, Window window, int groups, Value x, Value dy, Value w) {
    Shape shape = w.type().shape();
    DType out = w.type().dtype();
    return vjp.terms()
        .one(new Conv2dWeightGrad(window, groups, shape.dim(2), shape.dim(3), out), x, dy);
  }
}
