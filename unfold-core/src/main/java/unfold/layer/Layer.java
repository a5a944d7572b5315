package unfold.layer;

import unfold.trace.Scope;
import unfold.trace.Traceable;
import unfold.trace.Var;

/// A function of one value with parameters, described by its settings.
@FunctionalInterface
public interface Layer extends Traceable {
  @Override
  Var apply(Scope s, Var x);
}
