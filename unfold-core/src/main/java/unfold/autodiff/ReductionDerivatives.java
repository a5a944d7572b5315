package unfold.autodiff;

import java.util.List;
import unfold.graph.Value;
import unfold.op.Pointwise.Relation;
import unfold.op.Reduction;
import unfold.op.Reduction.ArgMax;
import unfold.op.Reduction.Reduce;
import unfold.tensor.Shape;

/// Derivatives of the reductions: the gradient is stretched back over the folded axes. Equal
/// extremes share it evenly.
final class ReductionDerivatives {
  private ReductionDerivatives() {}

  static void derive(Reduction op, Vjp vjp) {
    switch (op) {
      case Reduce reduce -> vjp.give(0, () -> reduce(reduce, vjp));
      // an index carries no gradient
      case ArgMax _ -> {}
    }
  }

  private static Value reduce(Reduce op, Vjp vjp) {
    Terms terms = vjp.terms();
    Value x = vjp.operand(0);
    Shape shape = x.type().shape();
    Value dy = kept(vjp.dy(), op, vjp);
    return switch (op.fold()) {
      case SUM -> terms.broadcast(dy, shape);
      case MEAN -> terms.broadcast(terms.scale(dy, 1.0 / count(shape, op.axes())), shape);
      case MAX, MIN -> {
        Value extreme =
            op.out() == vjp.dtype(0)
                ? kept(vjp.result(0), op, vjp)
                : terms.one(new Reduce(op.fold(), op.axes(), true, vjp.dtype(0)), x);
        Value chosen = terms.holds(Relation.EQUAL, x, extreme);
        Value share = terms.divide(dy, terms.sumKeeping(chosen, op.axes()));
        yield terms.multiply(chosen, share);
      }
    };
  }

  /// A result with the folded axes back in, extent 1, in the operand's element type.
  private static Value kept(Value y, Reduce op, Vjp vjp) {
    Shape shape = vjp.operand(0).type().shape();
    for (int axis : op.axes()) {
      shape = shape.with(axis, 1);
    }
    return vjp.terms().cast(vjp.terms().reshape(y, shape), vjp.dtype(0));
  }

  private static double count(Shape shape, List<Integer> axes) {
    double n = 1;
    for (int axis : axes) {
      n *= shape.dim(axis);
    }
    return n;
  }
}
