package unfold.layer;

import unfold.random.Stream;
import unfold.tensor.Tensor;
import unfold.trace.Initializer;

/// Every element is `value`.
public record Constant(double value) implements Initializer {
  @Override
  public void fill(Tensor t, Stream random) {
    for (long i = 0; i < t.size(); i++) {
      t.set(i, value);
    }
  }
}
