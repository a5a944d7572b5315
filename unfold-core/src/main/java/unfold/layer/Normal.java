package unfold.layer;

import unfold.random.Stream;
import unfold.tensor.Tensor;
import unfold.trace.Initializer;

/// Normally distributed.
public record Normal(double mean, double deviation) implements Initializer {
  @Override
  public void fill(Tensor t, Stream random) {
    Filling.fill(t, random, stream -> mean + deviation * stream.nextGaussian());
  }
}
