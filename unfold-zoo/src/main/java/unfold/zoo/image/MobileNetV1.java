package unfold.zoo.image;

import java.util.ArrayList;
import java.util.List;
import unfold.layer.Activate;
import unfold.layer.BatchNorm;
import unfold.layer.Conv2d;
import unfold.layer.Dropout;
import unfold.layer.Flatten;
import unfold.layer.GlobalAveragePool;
import unfold.layer.He;
import unfold.layer.Layer;
import unfold.layer.Same;
import unfold.layer.Sequential;
import unfold.model.Options;
import unfold.model.Preprocessing;
import unfold.model.Variant;
import unfold.trace.Scope;
import unfold.trace.Var;
import unfold.zoo.Family;

/// MobileNet: every convolution but the first is split into a depthwise 3×3 one, which filters each
/// channel by itself, and a 1×1 one, which mixes channels. α narrows all layers, ρ is the picture's
/// size: `mobilenet_v1_α_size`. 4.2 million parameters for α = 1, 0.47 for α = 0.25.
///
/// The paper's table 1 prints stride 2 for the last depthwise convolution, where the sizes beside
/// it ask for 1. It leaves open, and the published weights settle: TensorFlow's SAME padding,
/// ReLU6, ε = 1e-3, and a dropout of 0.001 before the classifier, which is a 1×1 convolution.
/// Running statistics follow with momentum 0.1. Keys are those of the Keras weights.
///
/// Option `dropout`.
///
/// @source Howard et al.: MobileNets, efficient convolutional neural networks for mobile vision
///   applications (2017), table 1 and 3.3–3.4
public final class MobileNetV1 implements Family {
  private static final String PAPER =
      "Howard et al.: MobileNets, efficient convolutional neural networks for mobile vision"
          + " applications (2017)";

  @Override
  public List<Variant> variants() {
    var all = new ArrayList<Variant>();
    for (var alpha : List.of("1.0", "0.75", "0.5", "0.25")) {
      for (int size : List.of(224, 192, 160, 128)) {
        all.add(
            new Variant(
                "mobilenet_v1_" + alpha + "_" + size,
                new Options(1000, 3, size).with("dropout", 0.001),
                Preprocessing.TENSORFLOW.crop(size),
                PAPER,
                o -> network(o, Double.parseDouble(alpha))));
      }
    }
    return List.copyOf(all);
  }

  private static Layer network(Options o, double alpha) {
    int[] strides = {1, 2, 1, 2, 1, 2, 1, 1, 1, 1, 1, 2, 1};
    int[] widths = {64, 128, 128, 256, 256, 512, 512, 512, 512, 512, 512, 1024, 1024};
    int in = (int) (32 * alpha);
    var net = conv(new Sequential(), "conv1", new Conv2d(o.channels(), in, 3).stride(2));
    for (int i = 0; i < widths.length; i++) {
      int out = (int) (widths[i] * alpha);
      net = conv(net, "conv_dw_" + (i + 1), new Conv2d(in, in, 3).groups(in).stride(strides[i]));
      net = conv(net, "conv_pw_" + (i + 1), new Conv2d(in, out, 1));
      in = out;
    }
    return net.then("global_average_pooling2d", MobileNetV1::meanPixel)
        .then("dropout", new Dropout(o.rate("dropout")))
        .then("conv_preds", new Conv2d(in, o.classes(), 1).init(He.normal()))
        .then("reshape", new Flatten());
  }

  private static Sequential conv(Sequential net, String name, Conv2d conv) {
    return net.then(name, new Same(conv.bias(false).init(He.normal())))
        .then(name + "_bn", new BatchNorm(conv.out()).epsilon(1e-3))
        .then(name + "_relu", Activate.RELU6);
  }

  /// A picture of one pixel, which the classifier convolves.
  private static Var meanPixel(Scope s, Var x) {
    return new GlobalAveragePool().apply(s, x).reshape(x.dim(0), x.dim(1), 1, 1);
  }
}
