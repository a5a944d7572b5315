package unfold.layer;

import unfold.random.Stream;
import unfold.tensor.Tensor;
import unfold.trace.Initializer;

/// Every element is 0.
public record Zeros() implements Initializer {
  @Override
  public void fill(Tensor t, Stream random) {
    t.data().fill((byte) 0);
  }
}
