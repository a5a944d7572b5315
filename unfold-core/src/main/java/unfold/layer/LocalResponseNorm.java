package unfold.layer;

import unfold.op.Normalization;
import unfold.trace.Scope;
import unfold.trace.Var;

/// Divides each number by what its neighbours in channel direction say: y[c] = x[c] / (k + α/size ·
/// Σ x[j]²)^β, j over `size` channels around c.
///
/// Shapes: x [N×C×H×W] → the same. No parameters. α is divided by the size as in PyTorch and Caffe;
/// the paper's α = 1e-4 with n = 5 is α = 5e-4 here.
///
/// @source Krizhevsky, Sutskever, Hinton: ImageNet classification with deep CNNs (2012), 3.3
public record LocalResponseNorm(int size, double alpha, double beta, double k) implements Layer {
  /// α = 1e-4, β = 0.75, k = 1.
  public LocalResponseNorm(int size) {
    this(size, 1e-4, 0.75, 1);
  }

  @Override
  public Var apply(Scope s, Var x) {
    return s.apply(new Normalization.LocalResponseNorm(size, alpha, beta, k), x);
  }
}
