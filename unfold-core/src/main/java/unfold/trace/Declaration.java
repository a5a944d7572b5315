package unfold.trace;

import unfold.random.Stream;
import unfold.tensor.Tensor;
import unfold.tensor.TensorType;

/// What a state of a graph is.
///
/// @param name path and name as published, `layer1.0.conv1.weight`
/// @param trainable whether the optimiser changes it: a parameter that is not frozen
public record Declaration(
    String name, TensorType type, Initializer initializer, Kind kind, boolean trainable) {

  public enum Kind {
    /// a parameter with two axes or more; weight decay applies
    WEIGHT,
    /// a one-dimensional parameter (a bias, a scale, a shift); it does not decay
    VECTOR,
    /// memory that is not learned: running statistics, what an optimiser remembers
    MEMORY
  }

  /// Whether it is learned, or would be if it were not frozen.
  public boolean parameter() {
    return kind != Kind.MEMORY;
  }

  /// Whether weight decay applies by default.
  public boolean decays() {
    return kind == Kind.WEIGHT;
  }

  /// The numbers it starts with. They depend on the seed and the name, not on what else is in the
  /// network.
  public Tensor initial(long seed) {
    Tensor t = Tensor.zeros(type);
    initializer.fill(t, Stream.of(seed, "initial:" + name, 0));
    return t;
  }
}
