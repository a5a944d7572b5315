package unfold.op;

import java.util.List;
import org.jspecify.annotations.Nullable;
import unfold.tensor.DType;
import unfold.tensor.Shape;
import unfold.tensor.TensorType;

/// Pooling over windows, and adaptive pooling to a given size. Global average pooling is a mean
/// ([Reduction]).
public sealed interface Pooling extends Op {

  /// Largest element of each window; padding never wins. Among equal elements the first in row
  /// order wins; NaN wins over all.
  ///
  /// Operand: x [N×C×H×W]. Results: y [N×C×outH×outW], and where it came from: i·kW + j within the
  /// window, as u8 if the window has at most 256 places, else i32.
  record MaxPool2d(int kernelH, int kernelW, Window window) implements Pooling {
    @Override
    public String name() {
      return "max_pool2d";
    }

    @Override
    public Attributes attributes() {
      return window.write(Attributes.of().with("kernel", kernelH, kernelW));
    }

    @Override
    public List<TensorType> infer(List<TensorType> operands) {
      TensorType y = pooled(this, operands, kernelH, kernelW, window);
      return List.of(y, y.with(indexType()));
    }

    /// Element type of the second result.
    public DType indexType() {
      return (long) kernelH * kernelW <= 256 ? DType.U8 : DType.I32;
    }
  }

  /// The adjoint of [MaxPool2d]. Operands: dy, the places. Result: dx [N×C×height×width].
  record MaxPool2dGrad(int kernelH, int kernelW, Window window, int height, int width)
      implements Pooling {
    @Override
    public String name() {
      return "max_pool2d_grad";
    }

    @Override
    public Attributes attributes() {
      return window
          .write(Attributes.of().with("kernel", kernelH, kernelW))
          .with("size", height, width);
    }

    @Override
    public List<TensorType> infer(List<TensorType> operands) {
      var in = Operands.of(this, operands, "dy", "place");
      in.shape(1, in.shape(0), "one place per gradient");
      in.dtype(1, new MaxPool2d(kernelH, kernelW, window).indexType());
      return List.of(unpooled(in, kernelH, kernelW, window, height, width));
    }
  }

  /// Mean of each window. With `countPadding` zeros of the padding count as elements.
  ///
  /// Operand: x [N×C×H×W]. Result: y [N×C×outH×outW].
  record AveragePool2d(int kernelH, int kernelW, Window window, boolean countPadding)
      implements Pooling {
    @Override
    public String name() {
      return "average_pool2d";
    }

    @Override
    public Attributes attributes() {
      return window
          .write(Attributes.of().with("kernel", kernelH, kernelW))
          .with("count_padding", countPadding);
    }

    @Override
    public List<TensorType> infer(List<TensorType> operands) {
      return List.of(pooled(this, operands, kernelH, kernelW, window));
    }
  }

  /// The adjoint of [AveragePool2d]. Operand: dy. Result: dx [N×C×height×width].
  record AveragePool2dGrad(
      int kernelH, int kernelW, Window window, boolean countPadding, int height, int width)
      implements Pooling {
    @Override
    public String name() {
      return "average_pool2d_grad";
    }

    @Override
    public Attributes attributes() {
      return window
          .write(Attributes.of().with("kernel", kernelH, kernelW))
          .with("count_padding", countPadding)
          .with("size", height, width);
    }

    @Override
    public List<TensorType> infer(List<TensorType> operands) {
      var in = Operands.of(this, operands, "dy");
      return List.of(unpooled(in, kernelH, kernelW, window, height, width));
    }
  }

  /// Mean over windows that tile the picture as evenly as can be: row p covers ⌊p·H/outH⌋ …
  /// ⌈(p+1)·H/outH⌉ − 1.
  record AdaptiveAveragePool2d(int outH, int outW) implements Pooling {
    @Override
    public String name() {
      return "adaptive_average_pool2d";
    }

    @Override
    public Attributes attributes() {
      return Attributes.of().with("out", outH, outW);
    }

    @Override
    public List<TensorType> infer(List<TensorType> operands) {
      return List.of(adaptive(this, operands, outH, outW));
    }
  }

  /// The adjoint of [AdaptiveAveragePool2d]. Operand: dy. Result: dx [N×C×height×width].
  record AdaptiveAveragePool2dGrad(int height, int width) implements Pooling {
    @Override
    public String name() {
      return "adaptive_average_pool2d_grad";
    }

    @Override
    public Attributes attributes() {
      return Attributes.of().with("size", height, width);
    }

    @Override
    public List<TensorType> infer(List<TensorType> operands) {
      var in = Operands.of(this, operands, "dy").rank(0, 4, "N×C×H×W").real(0);
      return List.of(in.type(0).with(in.shape(0).with(2, height).with(3, width)));
    }
  }

  /// Largest element over the windows of [AdaptiveAveragePool2d]. Results: y, and the place as
  /// row·W + column in the picture (i32).
  record AdaptiveMaxPool2d(int outH, int outW) implements Pooling {
    @Override
    public String name() {
      return "adaptive_max_pool2d";
    }

    @Override
    public Attributes attributes() {
      return Attributes.of().with("out", outH, outW);
    }

    @Override
    public List<TensorType> infer(List<TensorType> operands) {
      TensorType y = adaptive(this, operands, outH, outW);
      return List.of(y, y.with(DType.I32));
    }
  }

  /// The adjoint of [AdaptiveMaxPool2d]. Operands: dy, the places. Result: dx.
  record AdaptiveMaxPool2dGrad(int height, int width) implements Pooling {
    @Override
    public String name() {
      return "adaptive_max_pool2d_grad";
    }

    @Override
    public Attributes attributes() {
      return Attributes.of().with("size", height, width);
    }

    @Override
    public List<TensorType> infer(List<TensorType> operands) {
      var in = Operands.of(this, operands, "dy", "place").rank(0, 4, "N×C×H×W").real(0);
      in.shape(1, in.shape(0), "one place per gradient").dtype(1, DType.I32);
      return List.of(in.type(0).with(in.shape(0).with(2, height).with(3, width)));
    }
  }

  private static TensorType pooled(
      Op op, List<TensorType> operands, int kernelH, int kernelW, Window window) {
    var in = Operands.of(op, operands, "x").rank(0, 4, "N×C×H×W").real(0);
    Shape x = in.shape(0);
    requireOverlap(in, kernelH, kernelW, window, x.dim(2), x.dim(3));
    int outH = window.outH(x.dim(2), kernelH);
    int outW = window.outW(x.dim(3), kernelW);
    if (outH < 1 || outW < 1) {
      throw in.error(
          in.show(0)
              + " is smaller than the "
              + kernelH
              + "x"
              + kernelW
              + " window; use a smaller window or a larger picture");
    }
    return in.type(0).with(x.with(2, outH).with(3, outW));
  }

  private static TensorType unpooled(
      Operands in, int kernelH, int kernelW, Window window, int height, int width) {
    in.rank(0, 4, "N×C×H×W").real(0);
    requireOverlap(in, kernelH, kernelW, window, height, width);
    int outH = window.outH(height, kernelH);
    int outW = window.outW(width, kernelW);
    Shape dy = in.shape(0);
    if (outH != dy.dim(2) || outW != dy.dim(3)) {
      throw in.error(
          in.show(0)
              + " is "
              + dy.dim(2)
              + "x"
              + dy.dim(3)
              + ", but pooling "
              + height
              + "x"
              + width
              + " gives "
              + outH
              + "x"
              + outW);
    }
    return in.type(0).with(dy.with(2, height).with(3, width));
  }

  private static void requireOverlap(
      Operands in, int kernelH, int kernelW, Window w, int height, int width) {
    if (Math.max(w.padTop(), w.padBottom()) >= kernelH
        || Math.max(w.padLeft(), w.padRight()) >= kernelW) {
      throw in.error(
          w
              + ": the padding must be smaller than the "
              + kernelH
              + "x"
              + kernelW
              + " window, or a window would see padding only");
    }
    if ((w.padTop() + w.padBottom() > 0 && w.dilationH() > height)
        || (w.padLeft() + w.padRight() > 0 && w.dilationW() > width)) {
      throw in.error(
          "dilation "
              + w.dilationH()
              + "x"
              + w.dilationW()
              + " must not exceed the picture of "
              + height
              + "x"
              + width
              + ", or a window would see padding only");
    }
  }

  private static TensorType adaptive(Op op, List<TensorType> operands, int outH, int outW) {
    var in = Operands.of(op, operands, "x").rank(0, 4, "N×C×H×W").real(0);
    if (outH < 1 || outW < 1 || in.shape(0).dim(2) < 1 || in.shape(0).dim(3) < 1) {
      throw in.error(in.show(0) + " cannot be pooled to " + outH + "x" + outW);
    }
    return in.type(0).with(in.shape(0).with(2, outH).with(3, outW));
  }

  static @Nullable Op read(String name, Attributes a) {
    return switch (name) {
      case "max_pool2d" -> new MaxPool2d(first(a, "kernel"), second(a, "kernel"), Window.read(a));
      case "max_pool2d_grad" ->
          new MaxPool2dGrad(
              first(a, "kernel"),
              second(a, "kernel"),
              Window.read(a),
              first(a, "size"),
              second(a, "size"));
      case "average_pool2d" ->
          new AveragePool2d(
              first(a, "kernel"), second(a, "kernel"), Window.read(a), a.flag("count_padding"));
      case "average_pool2d_grad" ->
          new AveragePool2dGrad(
              first(a, "kernel"),
              second(a, "kernel"),
              Window.read(a),
              a.flag("count_padding"),
              first(a, "size"),
              second(a, "size"));
      case "adaptive_average_pool2d" ->
          new AdaptiveAveragePool2d(first(a, "out"), second(a, "out"));
      case "adaptive_average_pool2d_grad" ->
          new AdaptiveAveragePool2dGrad(first(a, "size"), second(a, "size"));
      case "adaptive_max_pool2d" -> new AdaptiveMaxPool2d(first(a, "out"), second(a, "out"));
      case "adaptive_max_pool2d_grad" ->
          new AdaptiveMaxPool2dGrad(first(a, "size"), second(a, "size"));
      default -> null;
    };
  }

  private static int first(Attributes a, String key) {
    return a.integers(key).get(0);
  }

  private static int second(Attributes a, String key) {
    return a.integers(key).get(1);
  }
}
