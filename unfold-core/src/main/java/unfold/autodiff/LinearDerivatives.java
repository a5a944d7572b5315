package unfold.autodiff;

import unfold.graph.Value;
import unfold.op.Linear;
import unfold.op.Linear.MatMul;
import unfold.tensor.DType;
import unfold.tensor.Shape;

/// Derivatives of the matrix product Z = A·B: dA = dZ·Bᵀ, dB = Aᵀ·dZ, each written so that it comes
/// out in the orientation of its operand.
final class LinearDerivatives {
  private LinearDerivatives() {}

  static void derive(Linear op, Vjp vjp) {
    switch (op) {
      case MatMul product -> matMul(product, vjp);
    }
  }

  private static void matMul(MatMul op, Vjp vjp) {
    Terms terms = vjp.terms();
    boolean ta = op.transposeA();
    boolean tb = op.transposeB();
    Value a = vjp.operand(0);
    Value b = vjp.operand(1);
    Value wide = vjp.dyBefore(op.activation(), () -> new MatMul(ta, tb, op.out()));
    Value dz = terms.cast(wide, vjp.dtype(0));
    boolean shared = a.type().shape().rank() > b.type().shape().rank();
    vjp.give(2, () -> terms.sum(wide, Terms.axesWithout(wide, lastAxis(wide)), vjp.dtype(2)));
    vjp.give(
        1,
        () -> {
          Value rows = shared ? flat(terms, ta ? terms.transposed(a) : a) : a;
          Value gradients = shared ? flat(terms, dz) : dz;
          boolean columns = ta && !shared;
          return tb
              ? product(terms, true, columns, gradients, rows)
              : product(terms, !columns, false, rows, gradients);
        });
    vjp.give(
        0,
        () -> {
          if (!ta) {
            return product(terms, false, !tb, dz, b);
          }
          return shared
              ? terms.transposed(product(terms, false, !tb, dz, b))
              : product(terms, tb, true, b, dz);
        });
  }

  private static Value product(Terms terms, boolean ta, boolean tb, Value a, Value b) {
    DType out = a.type().dtype();
    return terms.one(new MatMul(ta, tb, out), a, b);
  }

  /// All rows of a batch of matrices under each other: a b that all of the batch shares gets the
  /// sum over the batch.
  private static Value flat(Terms terms, Value x) {
    Shape shape = x.type().shape();
    int columns = shape.dim(-1);
    int rows = 1;
    for (int i = 0; i < shape.rank() - 1; i++) {
      rows = Math.multiplyExact(rows, shape.dim(i));
    }
    return terms.reshape(x, Shape.of(rows, columns));
  }

  private static int lastAxis(Value x) {
    return x.type().shape().rank() - 1;
  }
}
