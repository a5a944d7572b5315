package unfold.model;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import unfold.graph.Node;
import unfold.op.Activation;
import unfold.op.Convolution;
import unfold.op.Linear;
import unfold.op.Movement;
import unfold.op.Op;
import unfold.op.Pointwise;
import unfold.op.Pooling;
import unfold.op.Reduction;
import unfold.op.Window;
import unfold.tensor.Shape;

/// The arithmetic of a layer in words and with its numbers.
final class Formula {
  private Formula() {}

  static String height(Node node) {
    return size(node, 2);
  }

  static String width(Node node) {
    return size(node, 3);
  }

  /// W2 = (W1 − F + 2P)/S + 1, as in `(28 − 5 + 2·2)/1 + 1 = 28`; empty for ops without a window.
  private static String size(Node node, int axis) {
    return switch (node.op()) {
      case Convolution.Conv2d c ->
          size(node, axis, node.input(1).type().shape().dim(axis), c.window());
      case Pooling.MaxPool2d p ->
          size(node, axis, axis == 2 ? p.kernelH() : p.kernelW(), p.window());
      case Pooling.AveragePool2d p ->
          size(node, axis, axis == 2 ? p.kernelH() : p.kernelW(), p.window());
      case Convolution.ConvTranspose2d c -> spread(node, axis, c.window());
      // No other op has a window.
      case Op _ -> "";
    };
  }

  private static String size(Node node, int axis, int kernel, Window w) {
    boolean h = axis == 2;
    int in = node.input(0).type().shape().dim(axis);
    int span = (h ? w.dilationH() : w.dilationW()) * (kernel - 1) + 1;
    int stride = h ? w.strideH() : w.strideW();
    int before = h ? w.padTop() : w.padLeft();
    int after = h ? w.padBottom() : w.padRight();
    String padding =
        before != after
            ? " + " + before + " + " + after
            : before == 0 && !(node.op() instanceof Convolution) ? "" : " + 2·" + before;
    String top = in + " − " + span + padding;
    boolean even = (in - span + before + after) % stride == 0;
    return (even ? "(" + top + ")/" + stride : "⌊(" + top + ")/" + stride + "⌋")
        + " + 1 = "
        + node.output().type().shape().dim(axis);
  }

  private static String spread(Node node, int axis, Window w) {
    int in = node.input(0).type().shape().dim(axis);
    int out = node.output().type().shape().dim(axis);
    int kernel = node.input(1).type().shape().dim(axis);
    int stride = axis == 2 ? w.strideH() : w.strideW();
    int padding = axis == 2 ? w.padTop() : w.padLeft();
    int span = (axis == 2 ? w.dilationH() : w.dilationW()) * (kernel - 1) + 1;
    int extra = out - ((in - 1) * stride + span - 2 * padding);
    return "("
        + in
        + " − 1)·"
        + stride
        + " + "
        + span
        + " − 2·"
        + padding
        + (extra == 0 ? "" : " + " + extra)
        + " = "
        + out;
  }

  /// F·F·D1·K weights + K biases, as in `5·5·1·6 + 6 = 156`; empty without weights.
  static String weights(List<Shape> shapes, long count) {
    if (shapes.isEmpty()) {
      return "";
    }
    var terms = new ArrayList<String>();
    for (Shape s : shapes) {
      terms.add(
          s.rank() < 3
              ? s.toList().reversed().stream().map(String::valueOf).collect(Collectors.joining("·"))
              : filters(s));
    }
    boolean twins = terms.size() == 2 && terms.get(0).equals(terms.get(1));
    String sum = twins ? "2·" + terms.getFirst() : String.join(" + ", terms);
    return sum + " = " + grouped(count);
  }

  /// [O × C × kH × kW] as `kH·kW·C·O`.
  private static String filters(Shape s) {
    var factors = new ArrayList<>(s.toList().subList(2, s.rank()));
    factors.add(s.dim(1));
    factors.add(s.dim(0));
    return factors.stream().map(String::valueOf).collect(Collectors.joining("·"));
  }

  static String grouped(long count) {
    return String.format(Locale.ROOT, "%,d", count);
  }

  /// The ops of a layer, `conv 5×5 s1 p2`; movements only if there is nothing else.
  static String words(List<Node> group) {
    var busy = group.stream().filter(n -> !(n.op() instanceof Movement)).toList();
    return (busy.isEmpty() ? group : busy)
        .stream().map(Formula::words).distinct().collect(Collectors.joining(", "));
  }

  private static String words(Node node) {
    return switch (node.op()) {
      case Convolution.Conv2d c -> {
        Shape w = node.input(1).type().shape();
        yield "conv "
            + window(w.dim(2), w.dim(3), c.window())
            + (c.groups() == 1 ? "" : " g" + c.groups())
            + with(c.activation());
      }
      case Pooling.MaxPool2d p -> "max pool " + window(p.kernelH(), p.kernelW(), p.window());
      case Pooling.AveragePool2d p -> "avg pool " + window(p.kernelH(), p.kernelW(), p.window());
      case Linear.MatMul m -> "linear" + with(m.activation());
      case Pointwise.Activate a -> words(a.activation());
      case Pointwise.Binary b ->
          b.function().name().toLowerCase(Locale.ROOT) + with(b.activation());
      case Pointwise.NormalizePicture _ -> "normalize";
      case Reduction.Reduce r -> r.fold().name().toLowerCase(Locale.ROOT);
      case Pooling.AdaptiveAveragePool2d _ -> "adaptive avg pool";
      case Pooling.AdaptiveMaxPool2d _ -> "adaptive max pool";
      // All others go by their own words.
      case Op op -> op.name().replace('_', ' ').replace(" inference", "");
    };
  }

  private static String window(int kernelH, int kernelW, Window w) {
    String stride =
        w.strideH() == w.strideW() ? "s" + w.strideH() : "s" + w.strideH() + "×" + w.strideW();
    int padding = Math.max(w.padTop(), w.padLeft());
    return kernelH
        + "×"
        + kernelW
        + " "
        + stride
        + (padding == 0 ? "" : " p" + padding)
        + (w.dilationH() == 1 && w.dilationW() == 1 ? "" : " d" + w.dilationH());
  }

  private static String with(Activation a) {
    return a.isIdentity() ? "" : ", " + words(a);
  }

  private static String words(Activation a) {
    return a.kind().name().toLowerCase(Locale.ROOT).replace('_', ' ');
  }
}
