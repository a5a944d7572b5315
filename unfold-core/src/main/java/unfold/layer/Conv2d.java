package unfold.layer;

import unfold.error.ShapeException;
import unfold.op.Convolution;
import unfold.op.Window;
import unfold.tensor.Shape;
import unfold.trace.Initializer;
import unfold.trace.Scope;
import unfold.trace.Var;

/// Slides `out` filters over a picture; each looks at all channels (of its group) at once.
///
/// y[n,o,p,q] = bias[o] + Σ weight[o,c,i,j] · x[n, c, p·stride + i·dilation − padding, …]
///
/// Shapes: x [N×in×H×W] → y [N×out×H′×W′], H′ = ⌊(H + 2·padding − dilation·(k−1) − 1)/stride⌋ + 1.
/// Parameters: `weight` [out × in/groups × kH × kW] from `init`, `bias` [out] unless switched off.
/// groups = in is a depthwise convolution.
///
/// Example: `new Conv2d(3, 64, 7).stride(2).padding(3).bias(false)`
public record Conv2d(
    int in,
    int out,
    int kernelH,
    int kernelW,
    Window window,
    int groups,
    boolean bias,
    Initializer init)
    implements Windowed {
  public Conv2d {
    requireGroups("conv2d", in, out, groups);
  }

  /// Square kernel, stride 1, no padding, with bias, PyTorch's initialisation.
  public Conv2d(int in, int out, int kernel) {
    this(in, out, kernel, kernel);
  }

  public Conv2d(int in, int out, int kernelH, int kernelW) {
    this(in, out, kernelH, kernelW, Window.UNIT, 1, true, new TorchDefault());
  }

  @Override
  public Conv2d window(Window other) {
    return new Conv2d(in, out, kernelH, kernelW, other, groups, bias, init);
  }

  public Conv2d stride(int stride) {
    return window(window.stride(stride, stride));
  }

  public Conv2d stride(int h, int w) {
    return window(window.stride(h, w));
  }

  /// Zeros on all four sides.
  public Conv2d padding(int padding) {
    return padding(padding, padding);
  }

  public Conv2d padding(int h, int w) {
    return window(window.pad(h, h, w, w));
  }

  public Conv2d dilation(int dilation) {
    return window(window.dilation(dilation, dilation));
  }

  public Conv2d groups(int count) {
    return new Conv2d(in, out, kernelH, kernelW, window, count, bias, init);
  }

  public Conv2d bias(boolean with) {
    return new Conv2d(in, out, kernelH, kernelW, window, groups, with, init);
  }

  /// How the weights start; biases start at zero, except with [TorchDefault] and [WithBias].
  public Conv2d init(Initializer weights) {
    return new Conv2d(in, out, kernelH, kernelW, window, groups, bias, weights);
  }

  @Override
  public Var apply(Scope s, Var x) {
    int fanIn = in / groups * kernelH * kernelW;
    Var w = s.parameter("weight", Shape.of(out, in / groups, kernelH, kernelW), init);
    var op = new Convolution.Conv2d(window, groups);
    return bias
        ? s.apply(op, x, w, s.parameter("bias", Shape.of(out), TorchDefault.bias(init, fanIn)))
        : s.apply(op, x, w);
  }

  static void requireGroups(String layer, int in, int out, int groups) {
    if (groups < 1 || in % groups != 0 || out % groups != 0) {
      throw new ShapeException(
          layer + ": groups=" + groups + " must divide in=" + in + " and out=" + out);
    }
  }
}
