package unfold.layer;

import unfold.op.Window;
import unfold.trace.Scope;
import unfold.trace.Var;

/// The mean of each window of a sequence: [AveragePool2d] on a picture of height 1.
///
/// Shapes: x [N×C×L] → [N×C×L′], L′ = ⌊(L + 2·padding − k)/stride⌋ + 1. No parameters.
public record AveragePool1d(int kernel, int stride, int padding, boolean ceil, boolean countPadding)
    implements Layer {
  /// Windows side by side: the stride is the kernel's size.
  public AveragePool1d(int kernel) {
    this(kernel, kernel, 0, false, true);
  }

  public AveragePool1d stride(int to) {
    return new AveragePool1d(kernel, to, padding, ceil, countPadding);
  }

  public AveragePool1d padding(int to) {
    return new AveragePool1d(kernel, stride, to, ceil, countPadding);
  }

  public AveragePool1d ceil(boolean up) {
    return new AveragePool1d(kernel, stride, padding, up, countPadding);
  }

  public AveragePool1d countPadding(boolean count) {
    return new AveragePool1d(kernel, stride, padding, ceil, count);
  }

  @Override
  public Var apply(Scope s, Var x) {
    var window = Window.UNIT.stride(1, stride).pad(0, 0, padding, padding);
    var pool = new AveragePool2d(1, kernel, window, ceil, countPadding);
    return Sequences.fromPicture(pool.apply(s, Sequences.toPicture(s, "average_pool1d", x)));
  }
}
