package unfold.layer;

import unfold.trace.Scope;
import unfold.trace.Var;

/// Stretches each item out to one vector: x [N×C×H×W] → [N × C·H·W], in this order.
public record Flatten() implements Layer {
  @Override
  public Var apply(Scope s, Var x) {
    return x.flatten(1);
  }
}
