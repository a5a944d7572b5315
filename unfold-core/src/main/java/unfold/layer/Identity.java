package unfold.layer;

import unfold.trace.Scope;
import unfold.trace.Var;

/// y = x.
public record Identity() implements Layer {
  @Override
  public Var apply(Scope s, Var x) {
    return x;
  }
}
