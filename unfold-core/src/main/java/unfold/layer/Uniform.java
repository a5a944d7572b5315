package unfold.layer;

import unfold.random.Stream;
import unfold.tensor.Tensor;
import unfold.trace.Initializer;

/// Evenly spread over [low, high).
public record Uniform(double low, double high) implements Initializer {
  /// [−bound, bound)
  public static Uniform within(double bound) {
    return new Uniform(-bound, bound);
  }

  @Override
  public void fill(Tensor t, Stream random) {
    Filling.fill(t, random, stream -> stream.uniform(low, high));
  }
}
