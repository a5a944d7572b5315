package unfold.layer;

import unfold.random.Stream;
import unfold.tensor.Tensor;
import unfold.trace.Initializer;

/// Weights that start as `weights` says, beside biases that start as `bias` says: for `init` of
/// convolutions and linear layers.
///
/// Example: `new Conv2d(96, 256, 5).init(new WithBias(new Normal(0, 0.01), 1))`
public record WithBias(Initializer weights, Initializer bias) implements Initializer {
  public WithBias(Initializer weights, double bias) {
    this(weights, new Constant(bias));
  }

  @Override
  public void fill(Tensor t, Stream random) {
    weights.fill(t, random);
  }
}
