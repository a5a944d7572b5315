package unfold.layer;

import unfold.op.Linear.MatMul;
import unfold.tensor.Shape;
import unfold.trace.Initializer;
import unfold.trace.Scope;
import unfold.trace.Var;

/// Every output is connected to every input ("fully connected", "dense").
///
/// y = x·weightᵀ + bias
///
/// Shapes: x [N…×in] → y [N…×out]. Parameters: `weight` [out × in] from `init`, `bias` [out] unless
/// switched off.
public record Linear(int in, int out, boolean bias, Initializer init) implements Layer {
  /// With bias, PyTorch's initialisation.
  public Linear(int in, int out) {
    this(in, out, true, new TorchDefault());
  }

  public Linear bias(boolean with) {
    return new Linear(in, out, with, init);
  }

  /// How the weights start; biases start at zero, except with [TorchDefault] and [WithBias].
  public Linear init(Initializer weights) {
    return new Linear(in, out, bias, weights);
  }

  @Override
  public Var apply(Scope s, Var x) {
    if (x.rank() < 2 || x.dim(-1) != in) {
      throw s.error(
          "linear: x ["
              + x.shape()
              + "] must have "
              + in
              + " numbers along its last axis"
              + (x.rank() > 2 && x.shape().size() / Math.max(1, x.dim(0)) == in
                  ? "; flatten it first"
                  : ""));
    }
    Var w = s.parameter("weight", Shape.of(out, in), init);
    var op = new MatMul(false, true, x.dtype());
    return bias
        ? s.apply(op, x, w, s.parameter("bias", Shape.of(out), TorchDefault.bias(init, in)))
        : s.apply(op, x, w);
  }
}
