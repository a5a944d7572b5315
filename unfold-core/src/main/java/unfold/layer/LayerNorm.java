package unfold.layer;

import java.util.List;
import unfold.op.Normalization;
import unfold.tensor.Shape;
import unfold.trace.Scope;
import unfold.trace.Var;

/// Makes the last axes of each item zero on average with unit variance: y = (x − μ)/√(σ² + ε) ·
/// weight + bias, whatever the rest of the batch is.
///
/// Shapes: x [N…×extents] → the same. Parameters: `weight` [extents] = 1, `bias` [extents] = 0.
///
/// @source Ba, Kiros, Hinton: Layer normalization (2016)
public record LayerNorm(List<Integer> extents, double epsilon) implements Layer {
  public LayerNorm {
    extents = List.copyOf(extents);
  }

  /// ε = 1e-5.
  public LayerNorm(Integer... extents) {
    this(List.of(extents), 1e-5);
  }

  public LayerNorm epsilon(double to) {
    return new LayerNorm(extents, to);
  }

  @Override
  public Var apply(Scope s, Var x) {
    Shape last = Shape.of(extents);
    Var weight = s.parameter("weight", last, new Constant(1));
    Var bias = s.parameter("bias", last, new Constant(0));
    return s.apply(new Normalization.LayerNorm(extents.size(), epsilon), x, weight, bias);
  }
}
