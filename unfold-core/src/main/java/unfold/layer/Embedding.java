package unfold.layer;

import unfold.tensor.Shape;
import unfold.trace.Initializer;
import unfold.trace.Scope;
import unfold.trace.Var;

/// A learned vector for each of `count` words: y[i…] = weight[x[i…]].
///
/// Shapes: x (any shape, i32 in 0 … count−1) → [x…×dim]. Parameters: `weight` [count × dim],
/// standard normal as in PyTorch. An index outside gives NaN.
public record Embedding(int count, int dim, Initializer init) implements Layer {
  public Embedding(int count, int dim) {
    this(count, dim, new Normal(0, 1));
  }

  @Override
  public Var apply(Scope s, Var x) {
    return s.parameter("weight", Shape.of(count, dim), init).gather(x);
  }
}
