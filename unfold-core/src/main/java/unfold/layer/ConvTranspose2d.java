package unfold.layer;

import unfold.op.Convolution;
import unfold.op.Window;
import unfold.tensor.Shape;
import unfold.trace.Initializer;
import unfold.trace.Scope;
import unfold.trace.Var;

/// A convolution run backwards: every pixel spreads a filter over the larger result
/// ("deconvolution", fractionally strided convolution). The adjoint of a [Conv2d] from `out` to
/// `in` channels.
///
/// Shapes: x [N×in×H×W] → y [N×out×H′×W′], H′ = (H−1)·stride − 2·padding + dilation·(k−1) + 1 +
/// outputPadding. outputPadding < stride (or dilation) picks among the sizes that the convolution
/// would map to H. Parameters: `weight` [in × out/groups × k × k] from `init`, `bias` [out].
///
/// @source Zeiler, Krishnan, Taylor, Fergus: Deconvolutional networks (2010)
public record ConvTranspose2d(
    int in,
    int out,
    int kernel,
    int stride,
    int padding,
    int outputPadding,
    int dilation,
    int groups,
    boolean bias,
    Initializer init)
    implements Layer {
  public ConvTranspose2d {
    Conv2d.requireGroups("conv_transpose2d", in, out, groups);
  }

  /// Stride 1, no padding, with bias, PyTorch's initialisation.
  public ConvTranspose2d(int in, int out, int kernel) {
    this(in, out, kernel, 1, 0, 0, 1, 1, true, new TorchDefault());
  }

  public ConvTranspose2d stride(int to) {
    return new ConvTranspose2d(
        in, out, kernel, to, padding, outputPadding, dilation, groups, bias, init);
  }

  public ConvTranspose2d padding(int to) {
    return new ConvTranspose2d(
        in, out, kernel, stride, to, outputPadding, dilation, groups, bias, init);
  }

  public ConvTranspose2d outputPadding(int to) {
    return new ConvTranspose2d(in, out, kernel, stride, padding, to, dilation, groups, bias, init);
  }

  public ConvTranspose2d dilation(int to) {
    return new ConvTranspose2d(
        in, out, kernel, stride, padding, outputPadding, to, groups, bias, init);
  }

  public ConvTranspose2d groups(int count) {
    return new ConvTranspose2d(
        in, out, kernel, stride, padding, outputPadding, dilation, count, bias, init);
  }

  public ConvTranspose2d bias(boolean with) {
    return new ConvTranspose2d(
        in, out, kernel, stride, padding, outputPadding, dilation, groups, with, init);
  }

  /// How the weights start; biases start at zero, except with [TorchDefault] and [WithBias].
  public ConvTranspose2d init(Initializer weights) {
    return new ConvTranspose2d(
        in, out, kernel, stride, padding, outputPadding, dilation, groups, bias, weights);
  }

  @Override
  public Var apply(Scope s, Var x) {
    if (x.rank() != 4 || x.dim(1) != in) {
      throw s.error(
          "conv_transpose2d: x [" + x.shape() + "] must be N×C×H×W with C=" + in + " channels");
    }
    int spreads = out / groups;
    Var w = s.parameter("weight", Shape.of(in, spreads, kernel, kernel), init);
    var window = Window.of(stride, padding).dilation(dilation, dilation);
    var op = new Convolution.ConvTranspose2d(window, groups, extent(s, x, 2), extent(s, x, 3));
    Var y = s.apply(op, x, w);
    if (!bias) {
      return y;
    }
    var start = TorchDefault.bias(init, spreads * kernel * kernel);
    return y.add(s.parameter("bias", Shape.of(out), start).reshape(1, out, 1, 1));
  }

  private int extent(Scope s, Var x, int axis) {
    int out = (x.dim(axis) - 1) * stride - 2 * padding + dilation * (kernel - 1) + 1;
    if (out + outputPadding < 1 || outputPadding >= Math.max(stride, dilation)) {
      throw s.error(
          "conv_transpose2d: x ["
              + x.shape()
              + "] would become "
              + (out + outputPadding)
              + " along axis "
              + axis
              + " with padding="
              + padding
              + " outputPadding="
              + outputPadding
              + "; outputPadding must be less than stride="
              + stride);
    }
    return out + outputPadding;
  }
}
