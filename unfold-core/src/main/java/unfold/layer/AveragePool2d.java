package unfold.layer;

import java.util.List;
import unfold.op.Movement;
import unfold.op.Pooling;
import unfold.op.Window;
import unfold.trace.Scope;
import unfold.trace.Var;

/// The mean of each window.
///
/// Shapes: x [N×C×H×W] → [N×C×H′×W′], H′ = ⌊(H + 2·padding − k)/stride⌋ + 1, or rounded up with
/// `ceil`: see [CeilMode]. No parameters. With `countPadding` (PyTorch's default) the zeros of the
/// padding count as elements; those that `ceil` adds never do.
public record AveragePool2d(
    int kernelH, int kernelW, Window window, boolean ceil, boolean countPadding)
    implements Windowed {
  /// Windows side by side: the stride is the kernel's size.
  public AveragePool2d(int kernel) {
    this(kernel, kernel);
  }

  public AveragePool2d(int kernelH, int kernelW) {
    this(kernelH, kernelW, Window.UNIT.stride(kernelH, kernelW), false, true);
  }

  public AveragePool2d stride(int stride) {
    return window(window.stride(stride, stride));
  }

  public AveragePool2d padding(int padding) {
    return window(window.pad(padding, padding, padding, padding));
  }

  public AveragePool2d ceil(boolean up) {
    return new AveragePool2d(kernelH, kernelW, window, up, countPadding);
  }

  public AveragePool2d countPadding(boolean count) {
    return new AveragePool2d(kernelH, kernelW, window, ceil, count);
  }

  @Override
  public Var apply(Scope s, Var x) {
    Window fitted = ceil ? CeilMode.stretch(window, x.shape(), kernelH, kernelW) : window;
    if (fitted.equals(window) || !countPadding) {
      return s.apply(new Pooling.AveragePool2d(kernelH, kernelW, fitted, countPadding), x);
    }
    // Zeros that count become part of the picture; those that do not count stay padding.
    var before = List.of(0, 0, window.padTop(), window.padLeft());
    var after = List.of(0, 0, window.padBottom(), window.padRight());
    Var padded = s.apply(new Movement.Pad(before, after, 0), x);
    Window rest =
        fitted.pad(
            0, fitted.padBottom() - window.padBottom(), 0, fitted.padRight() - window.padRight());
    return s.apply(new Pooling.AveragePool2d(kernelH, kernelW, rest, false), padded);
  }

  @Override
  public AveragePool2d window(Window other) {
    return new AveragePool2d(kernelH, kernelW, other, ceil, countPadding);
  }
}
