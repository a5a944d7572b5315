package unfold.layer;

import unfold.op.Pooling;
import unfold.trace.Scope;
import unfold.trace.Var;

/// The largest number of windows that tile the picture as evenly as can be, so that every size of
/// picture gives outH×outW: row p covers ⌊p·H/outH⌋ … ⌈(p+1)·H/outH⌉ − 1.
///
/// Shapes: x [N×C×H×W] → [N×C×outH×outW]. No parameters.
public record AdaptiveMaxPool2d(int outH, int outW) implements Layer {
  public AdaptiveMaxPool2d(int out) {
    this(out, out);
  }

  @Override
  public Var apply(Scope s, Var x) {
    return s.apply(new Pooling.AdaptiveMaxPool2d(outH, outW), x);
  }
}
