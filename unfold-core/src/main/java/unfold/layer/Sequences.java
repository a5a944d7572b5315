package unfold.layer;

import unfold.trace.Scope;
import unfold.trace.Var;

/// Sequences N×C×L as pictures of height 1, for the layers that slide along one axis.
final class Sequences {
  private Sequences() {}

  static Var toPicture(Scope s, String layer, Var x) {
    if (x.rank() != 3) {
      throw s.error(
          layer + ": x [" + x.shape() + "] has rank " + x.rank() + ", but needs rank 3 (N×C×L)");
    }
    return x.reshape(x.dim(0), x.dim(1), 1, x.dim(2));
  }

  static Var fromPicture(Var y) {
    return y.reshape(y.dim(0), y.dim(1), y.dim(3));
  }
}
