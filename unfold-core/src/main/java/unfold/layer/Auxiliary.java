package unfold.layer;

import unfold.trace.Scope;
import unfold.trace.Var;

/// Passes x on, and while training lets `head` answer from it too: the head's loss is added to the
/// network's with this weight, so that layers far from the end get a gradient by a short way. In
/// evaluation the head does not exist.
///
/// Shapes: x → x; the head gives what the network gives (logits [N×classes]). Parameters: the
/// head's.
///
/// @source Szegedy et al.: Going deeper with convolutions (2015), 5 (weight 0.3)
public record Auxiliary(double weight, Layer head) implements Layer {
  public Auxiliary {
    if (!(weight > 0)) {
      throw new IllegalArgumentException("the weight " + weight + " of a loss must be > 0");
    }
  }

  @Override
  public Var apply(Scope s, Var x) {
    s.auxiliary(weight, head, x);
    return x;
  }
}
