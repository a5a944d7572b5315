package unfold.layer;

import unfold.op.Window;
import unfold.trace.Scope;
import unfold.trace.Var;

/// The largest number of each window of a sequence: [MaxPool2d] on a picture of height 1.
///
/// Shapes: x [N×C×L] → [N×C×L′], L′ = ⌊(L + 2·padding − k)/stride⌋ + 1. No parameters.
public record MaxPool1d(int kernel, int stride, int padding, boolean ceil) implements Layer {
  /// Windows side by side: the stride is the kernel's size.
  public MaxPool1d(int kernel) {
    this(kernel, kernel, 0, false);
  }

  public MaxPool1d stride(int to) {
    return new MaxPool1d(kernel, to, padding, ceil);
  }

  public MaxPool1d padding(int to) {
    return new MaxPool1d(kernel, stride, to, ceil);
  }

  public MaxPool1d ceil(boolean up) {
    return new MaxPool1d(kernel, stride, padding, up);
  }

  @Override
  public Var apply(Scope s, Var x) {
    var window = Window.UNIT.stride(1, stride).pad(0, 0, padding, padding);
    var pool = new MaxPool2d(1, kernel, window, ceil);
    return Sequences.fromPicture(pool.apply(s, Sequences.toPicture(s, "max_pool1d", x)));
  }
}
