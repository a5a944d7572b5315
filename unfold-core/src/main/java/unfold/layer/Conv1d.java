package unfold.layer;

import unfold.op.Convolution;
import unfold.op.Window;
import unfold.tensor.Shape;
import unfold.trace.Initializer;
import unfold.trace.Scope;
import unfold.trace.Var;

/// Slides `out` filters along a sequence (sound, text): [Conv2d] on a picture of height 1.
///
/// y[n,o,p] = bias[o] + Σ weight[o,c,i] · x[n, c, p·stride + i·dilation − padding]
///
/// Shapes: x [N×in×L] → y [N×out×L′], L′ = ⌊(L + 2·padding − dilation·(k−1) − 1)/stride⌋ + 1.
/// Parameters: `weight` [out × in/groups × k] from `init`, `bias` [out] unless switched off.
public record Conv1d(
    int in,
    int out,
    int kernel,
    int stride,
    int padding,
    int dilation,
    int groups,
    boolean bias,
    Initializer init)
    implements Layer {
  public Conv1d {
    Conv2d.requireGroups("conv1d", in, out, groups);
  }

  /// Stride 1, no padding, with bias, PyTorch's initialisation.
  public Conv1d(int in, int out, int kernel) {
    this(in, out, kernel, 1, 0, 1, 1, true, new TorchDefault());
  }

  public Conv1d stride(int to) {
    return new Conv1d(in, out, kernel, to, padding, dilation, groups, bias, init);
  }

  public Conv1d padding(int to) {
    return new Conv1d(in, out, kernel, stride, to, dilation, groups, bias, init);
  }

  public Conv1d dilation(int to) {
    return new Conv1d(in, out, kernel, stride, padding, to, groups, bias, init);
  }

  public Conv1d groups(int count) {
    return new Conv1d(in, out, kernel, stride, padding, dilation, count, bias, init);
  }

  public Conv1d bias(boolean with) {
    return new Conv1d(in, out, kernel, stride, padding, dilation, groups, with, init);
  }

  /// How the weights start; biases start at zero, except with [TorchDefault] and [WithBias].
  public Conv1d init(Initializer weights) {
    return new Conv1d(in, out, kernel, stride, padding, dilation, groups, bias, weights);
  }

  @Override
  public Var apply(Scope s, Var x) {
    int reads = in / groups;
    var window = new Window(1, stride, 0, 0, padding, padding, 1, dilation);
    Var picture = Sequences.toPicture(s, "conv1d", x);
    Var w = s.parameter("weight", Shape.of(out, reads, kernel), init);
    Var filters = w.reshape(out, reads, 1, kernel);
    var op = new Convolution.Conv2d(window, groups);
    if (!bias) {
      return Sequences.fromPicture(s.apply(op, picture, filters));
    }
    Var b = s.parameter("bias", Shape.of(out), TorchDefault.bias(init, reads * kernel));
    return Sequences.fromPicture(s.apply(op, picture, filters, b));
  }
}
