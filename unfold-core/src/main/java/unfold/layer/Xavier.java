package unfold.layer;

import unfold.random.Stream;
import unfold.tensor.Tensor;
import unfold.trace.Initializer;

/// Keeps the variance of both activations and gradients: σ = gain·√(2/(fan in + fan out)), normal,
/// or uniform within ±√3·σ. For tanh networks; gain 5/3 is usual there, 1 the default.
///
/// @source Glorot, Bengio: Understanding the difficulty of training deep feedforward networks
///   (2010), equations 12 and 16
public record Xavier(Spread spread, double gain) implements Initializer {
  public static Xavier uniform() {
    return new Xavier(Spread.UNIFORM, 1);
  }

  public static Xavier normal() {
    return new Xavier(Spread.NORMAL, 1);
  }

  public Xavier gain(double to) {
    return new Xavier(spread, to);
  }

  @Override
  public void fill(Tensor t, Stream random) {
    double deviation = gain * Math.sqrt(2.0 / (Fan.IN.of(t.shape()) + Fan.OUT.of(t.shape())));
    spread.of(deviation).fill(t, random);
  }
}
