package unfold.backend.vector;

import java.util.Optional;
import unfold.op.Activation;

/// An activation that only cuts off: y = z between `low` and `high`, which are the result outside.
/// NaN stands for no bound. Its derivative is 1 where low < z < high, else 0, from z or from y.
record Bounds(float low, float high) {
  static final Bounds NONE = new Bounds(Float.NaN, Float.NaN);

  /// Empty for an activation that does more than cut off.
  static Optional<Bounds> of(Activation activation) {
    return switch (activation.kind()) {
      case IDENTITY -> Optional.of(NONE);
      case RELU -> Optional.of(new Bounds(0, Float.NaN));
      case RELU6 -> Optional.of(new Bounds(0, 6));
      case LEAKY_RELU, ELU, GELU, SILU, HARD_SWISH, HARD_SIGMOID, SIGMOID, TANH, SOFTPLUS ->
          Optional.empty();
    };
  }
}
