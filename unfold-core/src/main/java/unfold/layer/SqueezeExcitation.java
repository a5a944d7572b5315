package unfold.layer;

import unfold.op.Reduction.Fold;
import unfold.trace.Initializer;
import unfold.trace.Scope;
import unfold.trace.Var;

/// Weighs the channels of a picture by what is in the whole of it:
///
/// y[n,c,p,q] = x[n,c,p,q] · g[n,c], g = gate(fc2(relu(fc1(mean of x over all positions))))
///
/// Shapes: x [N×channels×H×W] → the same. Parameters: `fc1.weight` [squeezed × channels × 1 × 1],
/// `fc1.bias`, `fc2.weight` [channels × squeezed × 1 × 1], `fc2.bias`, weights from `init`: 1×1
/// convolutions, as published weights have them.
///
/// @source Hu, Shen, Sun: Squeeze-and-excitation networks (2018), equations 2 to 4
public record SqueezeExcitation(int channels, int squeezed, Activate gate, Initializer init)
    implements Layer {
  /// The paper's sigmoid, PyTorch's initialisation.
  public SqueezeExcitation(int channels, int squeezed) {
    this(channels, squeezed, Activate.SIGMOID, new TorchDefault());
  }

  public SqueezeExcitation gate(Activate function) {
    return new SqueezeExcitation(channels, squeezed, function, init);
  }

  public SqueezeExcitation init(Initializer weights) {
    return new SqueezeExcitation(channels, squeezed, gate, weights);
  }

  @Override
  public Var apply(Scope s, Var x) {
    if (x.rank() != 4) {
      throw s.error("squeeze_excitation: x [" + x.shape() + "] must be N×C×H×W");
    }
    Var z = x.reduce(Fold.MEAN, true, 2, 3);
    z = s.apply("fc1", new Conv2d(channels, squeezed, 1).init(init), z).relu();
    z = s.apply("fc2", new Conv2d(squeezed, channels, 1).init(init), z);
    return x.multiply(z.activate(gate.function()));
  }
}
