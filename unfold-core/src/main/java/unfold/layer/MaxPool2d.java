package unfold.layer;

import unfold.op.Pooling;
import unfold.op.Window;
import unfold.trace.Scope;
import unfold.trace.Var;

/// The largest number of each window.
///
/// Shapes: x [N×C×H×W] → [N×C×H′×W′], H′ = ⌊(H + 2·padding − dilation·(k−1) − 1)/stride⌋ + 1, or
/// rounded up with `ceil`: see [CeilMode]. No parameters. Padding never wins.
public record MaxPool2d(int kernelH, int kernelW, Window window, boolean ceil) implements Windowed {
  /// Windows side by side: the stride is the kernel's size.
  public MaxPool2d(int kernel) {
    this(kernel, kernel);
  }

  public MaxPool2d(int kernelH, int kernelW) {
    this(kernelH, kernelW, Window.UNIT.stride(kernelH, kernelW), false);
  }

  public MaxPool2d stride(int stride) {
    return window(window.stride(stride, stride));
  }

  public MaxPool2d padding(int padding) {
    return window(window.pad(padding, padding, padding, padding));
  }

  public MaxPool2d dilation(int dilation) {
    return window(window.dilation(dilation, dilation));
  }

  public MaxPool2d ceil(boolean up) {
    return new MaxPool2d(kernelH, kernelW, window, up);
  }

  @Override
  public MaxPool2d window(Window other) {
    return new MaxPool2d(kernelH, kernelW, other, ceil);
  }

  @Override
  public Var apply(Scope s, Var x) {
    Window fitted = ceil ? CeilMode.stretch(window, x.shape(), kernelH, kernelW) : window;
    return s.apply(new Pooling.MaxPool2d(kernelH, kernelW, fitted), x);
  }
}
