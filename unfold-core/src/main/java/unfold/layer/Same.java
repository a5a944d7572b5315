package unfold.layer;

import unfold.op.Window;
import unfold.trace.Scope;
import unfold.trace.Var;

/// Pads as TensorFlow's "SAME": with as few zeros as make H′ = ⌈H/stride⌉. An odd zero lies at the
/// bottom and at the right, where PyTorch's `padding=` puts as many zeros on either side. So a 3×3
/// kernel of stride 2 on an even picture starts in its corner, not outside it.
///
/// Zeros in all: max(0, (H′ − 1)·stride + dilation·(k − 1) + 1 − H). Shapes: as of the layer, whose
/// own padding is ignored. Parameters: the layer's, under its own names.
///
/// Example: `new Same(new Conv2d(3, 32, 3).stride(2))`
///
/// @source tensorflow.org, `tf.nn`: notes on padding
public record Same(Windowed layer) implements Layer {
  @Override
  public Var apply(Scope s, Var x) {
    if (x.rank() != 4) {
      throw s.error("same: x [" + x.shape() + "] must be N×C×H×W");
    }
    Window w = layer.window();
    int h = zeros(x.dim(2), layer.kernelH(), w.dilationH(), w.strideH());
    int v = zeros(x.dim(3), layer.kernelW(), w.dilationW(), w.strideW());
    return layer.window(w.pad(h / 2, h - h / 2, v / 2, v - v / 2)).apply(s, x);
  }

  private static int zeros(int in, int kernel, int dilation, int stride) {
    int out = Math.ceilDiv(in, stride);
    return Math.max(0, (out - 1) * stride + dilation * (kernel - 1) + 1 - in);
  }
}
