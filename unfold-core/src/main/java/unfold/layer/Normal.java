package unfold.layer;

import unfold.random.Stream;
import unfold.tensor.Tensor;
import unfold.trace.Initializer;

/// Normally distributed.
public record Normal(double mean, double deviation) implements Initializer {
  @Override
  public void fill(Tensor t, Stream random) {
    for (long i = 0; i < t.size(); i++) {
      t.set(i, mean + deviation * random.nextGaussian());
    }
  }
}
