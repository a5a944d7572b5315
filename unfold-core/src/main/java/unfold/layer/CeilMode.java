package unfold.layer;

import unfold.op.Window;
import unfold.tensor.Shape;

/// Pooling whose last window may hang over the edge: H′ = ⌈(H + 2·padding − dilation·(k−1) −
/// 1)/stride⌉ + 1, less one if the last window would start behind the picture and its padding
/// before it. So a picture a little smaller than the window still gives one number. Expressed as
/// more padding at the bottom and the right.
///
/// @source the rule of PyTorch's `pooling_output_shape`
final class CeilMode {
  private CeilMode() {}

  static Window stretch(Window w, Shape x, int kernelH, int kernelW) {
    if (x.rank() != 4) {
      return w;
    }
    int bottom = over(x.dim(2), w.padTop(), w.padBottom(), kernelH, w.dilationH(), w.strideH());
    int right = over(x.dim(3), w.padLeft(), w.padRight(), kernelW, w.dilationW(), w.strideW());
    return w.pad(w.padTop(), w.padBottom() + bottom, w.padLeft(), w.padRight() + right);
  }

  private static int over(int in, int before, int after, int kernel, int dilation, int stride) {
    int span = dilation * (kernel - 1) + 1;
    int rest = in + before + after - span;
    int out = Math.ceilDiv(rest, stride) + 1;
    if ((out - 1) * stride >= in + before) {
      out--;
    }
    return out < 1 ? 0 : Math.max(0, (out - 1) * stride + span - in - before - after);
  }
}
