package unfold.layer;

import unfold.random.Stream;
import unfold.tensor.Tensor;
import unfold.trace.Initializer;

/// How `torch.nn` starts convolutions and linear layers: weights uniform within ±1/√(fan in), and
/// the biases beside them too.
///
/// @source `reset_parameters` of torch.nn: `kaiming_uniform_(weight, a=√5)`, whose bound √3·√(2/(1
///   + 5))/√(fan in) is 1/√(fan in)
public record TorchDefault() implements Initializer {
  @Override
  public void fill(Tensor t, Stream random) {
    Uniform.within(1 / Math.sqrt(Fan.IN.of(t.shape()))).fill(t, random);
  }

  /// What a bias starts with beside weights that start so: zero, except with PyTorch's default and
  /// where [WithBias] says.
  static Initializer bias(Initializer weights, int fanIn) {
    return switch (weights) {
      case TorchDefault _ when fanIn > 0 -> Uniform.within(1 / Math.sqrt(fanIn));
      case WithBias both -> both.bias();
      default -> new Zeros();
    };
  }
}
