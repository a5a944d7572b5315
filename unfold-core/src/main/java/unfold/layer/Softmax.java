package unfold.layer;

import unfold.trace.Scope;
import unfold.trace.Var;

/// Probabilities along an axis: y = eˣ / Σ eˣ. Losses take logits; do not put this before them.
public record Softmax(int axis) implements Layer {
  /// Along the last axis.
  public Softmax() {
    this(-1);
  }

  @Override
  public Var apply(Scope s, Var x) {
    return x.softmax(axis);
  }
}
