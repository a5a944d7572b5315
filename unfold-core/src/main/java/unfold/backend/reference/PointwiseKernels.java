package unfold.backend.reference;

import java.util.List;
import java.util.function.DoubleBinaryOperator;
import java.util.function.DoubleUnaryOperator;
import unfold.op.Pointwise;
import unfold.op.Pointwise.Activate;
import unfold.op.Pointwise.ActivateGrad;
import unfold.op.Pointwise.Affine;
import unfold.op.Pointwise.Binary;
import unfold.op.Pointwise.Cast;
import unfold.op.Pointwise.Compare;
import unfold.op.Pointwise.NormalizePicture;
import unfold.op.Pointwise.Select;
import unfold.op.Pointwise.Unary;

/// Ops on each element by itself.
final class PointwiseKernels {
  private PointwiseKernels() {}

  static void run(Pointwise op, List<Numbers> in, List<Numbers> out) {
    Numbers y = out.getFirst();
    switch (op) {
      case Unary(var f) -> map(in.get(0), y, x -> Functions.unary(f, x));
      case Activate(var f) -> map(in.get(0), y, x -> Functions.activate(f, x));
      case ActivateGrad(var f) ->
          zip(in.get(0), in.get(1), y, (dy, known) -> dy * Functions.slope(f, known));
      case Binary(var f, var act) ->
          zip(
              in.get(0),
              in.get(1),
              y,
              (a, b) -> Functions.activate(act, Functions.binary(f, a, b)));
      case Affine(double scale, double shift) -> map(in.get(0), y, x -> scale * x + shift);
      case Compare(var relation) ->
          zip(in.get(0), in.get(1), y, (a, b) -> Functions.holds(relation, a, b) ? 1 : 0);
      case Select() -> {
        for (long i = 0; i < y.size(); i++) {
          y.set(i, in.get(0).get(i) != 0 ? in.get(1).get(i) : in.get(2).get(i));
        }
      }
      case Cast _ -> map(in.get(0), y, x -> x);
      case NormalizePicture(var mean, var deviation, var _) -> {
        Numbers x = in.getFirst();
        long positions = (long) x.dim(2) * x.dim(3);
        for (long i = 0; i < y.size(); i++) {
          int c = (int) (i / positions % x.dim(1));
          y.set(i, (x.get(i) / 255 - mean.get(c)) / deviation.get(c));
        }
      }
    }
  }

  private static void map(Numbers x, Numbers y, DoubleUnaryOperator f) {
    for (long i = 0; i < y.size(); i++) {
      y.set(i, f.applyAsDouble(x.get(i)));
    }
  }

  /// y = f(a, b), a and b stretched to y's shape.
  private static void zip(Numbers a, Numbers b, Numbers y, DoubleBinaryOperator f) {
    long[] stepA = Strides.stretched(a.shape(), y.shape());
    long[] stepB = Strides.stretched(b.shape(), y.shape());
    for (long i = 0; i < y.size(); i++) {
      double u = a.get(Strides.offset(i, y.shape(), stepA));
      double v = b.get(Strides.offset(i, y.shape(), stepB));
      y.set(i, f.applyAsDouble(u, v));
    }
  }
}
