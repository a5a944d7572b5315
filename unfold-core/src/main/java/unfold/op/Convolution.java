package unfold.op;

import java.util.List;
import org.jspecify.annotations.Nullable;
import unfold.tensor.DType;
import unfold.tensor.Shape;
import unfold.tensor.TensorType;

/// Two-dimensional convolutions (cross-correlations, as everywhere in the field) and their
/// adjoints. One-dimensional ones run as images of height 1.
public sealed interface Convolution extends Op {

  /// y[n,o,p,q] = act( Σ w[o,c,i,j] · x[n,c, p·s + i·d − pad, q·s + j·d − pad] + bias[o] + addend
  /// ).
  ///
  /// Operands: x [N×C×H×W], w [O×C/groups×kH×kW], then optionally bias [O], then optionally addend
  /// (type of the result; for inference). Result: [N×O×outH×outW] of x's type. Group g of O/groups
  /// output channels reads group g of C/groups input channels; groups = C is depthwise.
  ///
  /// w has x's type; where each group reads one channel, it may be f32 beside a bf16 x. Such
  /// weights are few, and each weighs more: with nine terms in a sum their rounding does not
  /// average out.
  record Conv2d(Window window, int groups, Activation activation) implements Convolution {
    public Conv2d {
      requirePositive("groups", groups);
    }

    public Conv2d(Window window, int groups) {
      this(window, groups, Activation.IDENTITY);
    }

    /// Whether each result is a sum over the places of a single channel, as in a depthwise
    /// convolution.
    ///
    /// @param w O×C/groups×kH×kW
    public boolean readsOneChannel(Shape w) {
      return groups > 1 && w.dim(1) == 1;
    }

    @Override
    public String name() {
      return "conv2d";
    }

    @Override
    public Attributes attributes() {
      return activation.write(window.write(Attributes.of()).with("groups", groups));
    }

    @Override
    public List<TensorType> infer(List<TensorType> operands) {
      var in = Operands.of(this, operands, "x", "w", "bias?", "addend?");
      in.rank(0, 4, "N×C×H×W").rank(1, 4, "O×C/groups×kH×kW").real(0);
      Shape x = in.shape(0);
      Shape w = in.shape(1);
      if (readsOneChannel(w)) {
        in.sameOrWider(0, 1);
      } else {
        in.sameDtype(0, 1);
      }
      long reads = (long) w.dim(1) * groups;
      if (x.dim(1) != reads) {
        throw in.error(
            in.show(0)
                + " has "
                + x.dim(1)
                + " channels, but "
                + in.show(1)
                + " with groups="
                + groups
                + " reads "
                + reads);
      }
      if (w.dim(0) % groups != 0) {
        throw in.error(
            in.show(1)
                + " has "
                + w.dim(0)
                + " output channels, which groups="
                + groups
                + " does not divide");
      }
      requireKernel(in, 1);
      int outH = window.outH(x.dim(2), w.dim(2));
      int outW = window.outW(x.dim(3), w.dim(3));
      if (outH < 1 || outW < 1) {
        throw in.error(
            in.show(0)
                + " is smaller than the kernel of "
                + in.show(1)
                + " ("
                + window
                + "): the result would be "
                + outH
                + "x"
                + outW
                + "; use padding or a larger picture");
      }
      TensorType y = new TensorType(in.dtype(0), Shape.of(x.dim(0), w.dim(0), outH, outW));
      if (in.count() > 2) {
        in.shape(2, Shape.of(w.dim(0)), "one number per output channel").sameOrWider(0, 2);
      }
      if (in.count() > 3) {
        in.shape(3, y.shape(), "it is added to the result").sameDtype(0, 3);
      }
      return List.of(y);
    }
  }

  /// The adjoint of [Conv2d] in x: the gradient of a convolution's input, and by itself the
  /// transposed (fractionally strided) convolution.
  ///
  /// Operands: y [N×O×outH×outW], w [O×C/groups×kH×kW]. Result: x [N×C×height×width].
  record ConvTranspose2d(Window window, int groups, int height, int width) implements Convolution {
    public ConvTranspose2d {
      requirePositive("groups", groups);
    }

    @Override
    public String name() {
      return "conv_transpose2d";
    }

    @Override
    public Attributes attributes() {
      return window.write(Attributes.of()).with("groups", groups).with("size", height, width);
    }

    @Override
    public List<TensorType> infer(List<TensorType> operands) {
      var in = Operands.of(this, operands, "y", "w");
      in.rank(0, 4, "N×O×H×W").rank(1, 4, "O×C/groups×kH×kW").real(0).sameDtype(0, 1);
      Shape y = in.shape(0);
      Shape w = in.shape(1);
      if (y.dim(1) != w.dim(0)) {
        throw in.error(
            in.show(0)
                + " has "
                + y.dim(1)
                + " channels, but "
                + in.show(1)
                + " spreads "
                + w.dim(0));
      }
      if (w.dim(0) % groups != 0) {
        throw in.error(in.show(1) + ": groups=" + groups + " does not divide " + w.dim(0));
      }
      requireKernel(in, 1);
      int outH = window.outH(height, w.dim(2));
      int outW = window.outW(width, w.dim(3));
      if (outH != y.dim(2) || outW != y.dim(3)) {
        throw in.error(
            in.show(0)
                + " is "
                + y.dim(2)
                + "x"
                + y.dim(3)
                + ", but a convolution of "
                + height
                + "x"
                + width
                + " with "
                + in.show(1)
                + " gives "
                + outH
                + "x"
                + outW);
      }
      int channels = in.extent((long) w.dim(1) * groups, "channels");
      return List.of(new TensorType(in.dtype(0), Shape.of(y.dim(0), channels, height, width)));
    }
  }

  /// The gradient of [Conv2d] in w: dw[o,c,i,j] = Σ dy[n,o,p,q] · x[n, c, p·s + i·d − pad, …].
  ///
  /// Operands: x [N×C×H×W], dy [N×O×outH×outW]. Result: dw [O×C/groups×kH×kW] of type `out`.
  record Conv2dWeightGrad(Window window, int groups, int kernelH, int kernelW, DType out)
      implements Convolution {
    public Conv2dWeightGrad {
      requirePositive("groups", groups);
      requirePositive("kernel height", kernelH);
      requirePositive("kernel width", kernelW);
    }

    @Override
    public String name() {
      return "conv2d_weight_grad";
    }

    @Override
    public Attributes attributes() {
      return window
          .write(Attributes.of())
          .with("groups", groups)
          .with("kernel", kernelH, kernelW)
          .with("out", out);
    }

    @Override
    public List<TensorType> infer(List<TensorType> operands) {
      var in = Operands.of(this, operands, "x", "dy");
      in.rank(0, 4, "N×C×H×W").rank(1, 4, "N×O×H×W").real(0).sameDtype(0, 1);
      Shape x = in.shape(0);
      Shape dy = in.shape(1);
      if (x.dim(0) != dy.dim(0)) {
        throw in.error(in.show(0) + " and " + in.show(1) + " have different batch sizes");
      }
      if (x.dim(1) % groups != 0 || dy.dim(1) % groups != 0) {
        throw in.error(
            "groups="
                + groups
                + " must divide the channels of "
                + in.show(0)
                + " and "
                + in.show(1));
      }
      int outH = window.outH(x.dim(2), kernelH);
      int outW = window.outW(x.dim(3), kernelW);
      if (outH != dy.dim(2) || outW != dy.dim(3)) {
        throw in.error(
            in.show(1)
                + " is "
                + dy.dim(2)
                + "x"
                + dy.dim(3)
                + ", but the convolution of "
                + in.show(0)
                + " gives "
                + outH
                + "x"
                + outW);
      }
      return List.of(new TensorType(out, Shape.of(dy.dim(1), x.dim(1) / groups, kernelH, kernelW)));
    }
  }

  private static void requirePositive(String what, int value) {
    if (value < 1) {
      throw new IllegalArgumentException(what + " must be at least 1, not " + value);
    }
  }

  private static void requireKernel(Operands in, int w) {
    if (in.shape(w).dim(2) < 1 || in.shape(w).dim(3) < 1) {
      throw in.error(in.show(w) + " has an empty kernel");
    }
  }

  static @Nullable Op read(String name, Attributes a) {
    return switch (name) {
      case "conv2d" -> new Conv2d(Window.read(a), a.integer("groups"), Activation.read(a));
      case "conv_transpose2d" ->
          new ConvTranspose2d(
              Window.read(a),
              a.integer("groups"),
              a.integers("size").get(0),
              a.integers("size").get(1));
      case "conv2d_weight_grad" ->
          new Conv2dWeightGrad(
              Window.read(a),
              a.integer("groups"),
              a.integers("kernel").get(0),
              a.integers("kernel").get(1),
              a.dtype("out"));
      default -> null;
    };
  }
}
