package unfold.testkit;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import unfold.op.Op;
import unfold.op.Pooling.AdaptiveAveragePool2d;
import unfold.op.Pooling.AdaptiveAveragePool2dGrad;
import unfold.op.Pooling.AdaptiveMaxPool2d;
import unfold.op.Pooling.AdaptiveMaxPool2dGrad;
import unfold.op.Pooling.AveragePool2d;
import unfold.op.Pooling.AveragePool2dGrad;
import unfold.op.Pooling.MaxPool2d;
import unfold.op.Pooling.MaxPool2dGrad;
import unfold.op.Window;
import unfold.tensor.DType;
import unfold.tensor.Shape;
import unfold.tensor.TensorType;

/// Pooling: `n` `c` `h` `w` the picture, `k` window, `s` stride, `p` padding, `d` dilation, or `o`
/// the size of the result for adaptive pooling.
///
/// For the adjoints the code is that of the pooling.
final class PoolingSamples {
  private PoolingSamples() {}

  private static final List<String> WINDOWS =
      List.of(
          "n1c1h4w4-k2s2",
          "n2c3h8w8-k2s2",
          "n2c6h9w7-k3s2p1",
          "n1c24h7w8-k3x2s2x1",
          "n2c37h6w6-k3p1",
          "n1c6h7w7-k3s2p0x1x1x0",
          "n2c16h10w10-k2s2",
          "n3c6h28w28-k2s2",
          "n1c64h12w12-k3s2p1",
          "n2c3h7w7-k7",
          "n2c37h5w1-k5x1p2x0",
          "n2c64h28w28-k3s2p1",
          "n2c64h9w9-k3s2",
          "n2c64h12w8-k2s2",
          "n2c32h9w7-k2s2p1x0x1x0",
          "n4c40h20w20-k2s2");

  private static final List<String> ADAPTIVE =
      List.of("n1c1h7w7-o1", "n2c3h8w8-o2", "n2c6h7w5-o3x2", "n1c37h10w9-o6x4", "n2c16h3w3-o7");

  static List<String> names() {
    var names = new ArrayList<String>();
    for (String window : WINDOWS) {
      for (String op : List.of("max_pool2d", "average_pool2d")) {
        names.add(op + " " + window);
        names.add(op + "_grad " + window);
      }
    }
    for (String size : ADAPTIVE) {
      for (String op : List.of("adaptive_max_pool2d", "adaptive_average_pool2d")) {
        names.add(op + " " + size);
        names.add(op + "_grad " + size);
      }
    }
    names.addAll(
        """
        max_pool2d n1c6h9w9-k3p1d2
        max_pool2d_grad n1c6h9w9-k3p1d2
        max_pool2d n1c3h18w18-k17
        max_pool2d_grad n1c3h18w18-k17
        average_pool2d n1c6h9w9-k3p1d2
        average_pool2d_grad n1c6h9w9-k3p1d2
        average_pool2d n2c6h9w7-k3s2p1 count_padding
        average_pool2d_grad n2c6h9w7-k3s2p1 count_padding
        average_pool2d n1c37h8w8-k2s2p1x0x0x1 count_padding
        average_pool2d_grad n1c37h8w8-k2s2p1x0x0x1 count_padding
        """
            .lines()
            .toList());
    return names;
  }

  static @Nullable Sample read(Words w) {
    return switch (w.op()) {
      case "max_pool2d", "max_pool2d_grad" -> maxPool(w);
      case "average_pool2d", "average_pool2d_grad" -> averagePool(w);
      case "adaptive_max_pool2d", "adaptive_max_pool2d_grad" -> adaptiveMaxPool(w);
      case "adaptive_average_pool2d", "adaptive_average_pool2d_grad" -> adaptiveAveragePool(w);
      default -> null;
    };
  }

  private static Sample maxPool(Words w) {
    int[] k = w.numbers('k', 2, 1);
    Window window = w.window();
    Shape x = ConvolutionSamples.picture(w);
    var op = new MaxPool2d(k[0], k[1], window);
    if (w.op().equals("max_pool2d")) {
      return Sample.of(w, _ -> op, Operand.real("x", x, Draw.spread()));
    }
    var grad = new MaxPool2dGrad(k[0], k[1], window, x.dim(2), x.dim(3));
    return onPlaces(w, op, x, op.indexType(), grad, Operand.real("dy", pooled(op, x)));
  }

  private static Sample adaptiveMaxPool(Words w) {
    int[] out = w.numbers('o', 2, 1);
    Shape x = ConvolutionSamples.picture(w);
    var op = new AdaptiveMaxPool2d(out[0], out[1]);
    if (w.op().equals("adaptive_max_pool2d")) {
      return Sample.of(w, _ -> op, Operand.real("x", x, Draw.spread()));
    }
    var grad = new AdaptiveMaxPool2dGrad(x.dim(2), x.dim(3));
    return onPlaces(w, op, x, DType.I32, grad, Operand.real("dy", pooled(op, x)).constant());
  }

  /// The adjoint at the places that pooling a random picture gives.
  private static Sample onPlaces(Words w, Op pool, Shape x, DType placeType, Op grad, Operand dy) {
    return Sample.of(
        w,
        _ -> grad,
        dy,
        Operand.fixed("place", dy.shape(), placeType, Draw.resultOf(pool, 1, Draw.spread(), x)));
  }

  private static Sample averagePool(Words w) {
    int[] k = w.numbers('k', 2, 1);
    Window window = w.window();
    boolean counts = w.has("count_padding");
    Shape x = ConvolutionSamples.picture(w);
    var op = new AveragePool2d(k[0], k[1], window, counts);
    if (w.op().equals("average_pool2d")) {
      return Sample.of(w, _ -> op, Operand.real("x", x));
    }
    var grad = new AveragePool2dGrad(k[0], k[1], window, counts, x.dim(2), x.dim(3));
    return Sample.of(w, _ -> grad, Operand.real("dy", pooled(op, x)));
  }

  private static Sample adaptiveAveragePool(Words w) {
    int[] out = w.numbers('o', 2, 1);
    Shape x = ConvolutionSamples.picture(w);
    var op = new AdaptiveAveragePool2d(out[0], out[1]);
    if (w.op().equals("adaptive_average_pool2d")) {
      return Sample.of(w, _ -> op, Operand.real("x", x));
    }
    var grad = new AdaptiveAveragePool2dGrad(x.dim(2), x.dim(3));
    return Sample.of(w, _ -> grad, Operand.real("dy", pooled(op, x)));
  }

  private static Shape pooled(Op pool, Shape x) {
    return pool.infer(List.of(new TensorType(DType.F32, x))).getFirst().shape();
  }
}
