package unfold.zoo.image;

import java.util.List;
import unfold.layer.Activate;
import unfold.layer.BatchNorm;
import unfold.layer.Conv2d;
import unfold.layer.GlobalAveragePool;
import unfold.layer.He;
import unfold.layer.Layer;
import unfold.layer.MaxPool2d;
import unfold.layer.Same;
import unfold.layer.Sequential;
import unfold.model.Options;
import unfold.model.Preprocessing;
import unfold.model.Variant;
import unfold.zoo.Family;

/// Tiny Darknet: AlexNet's accuracy on ImageNet in 4 MB. Sixteen convolutions without a fully
/// connected layer: 3×3 ones that widen, 1×1 ones that narrow, each with batch norm and a leaky
/// rectifier (slope 0.1), and the mean over all positions at the end.
///
/// There is no paper; the network is `tiny.cfg` of Darknet. Keys are those of the Keras conversion
/// under which weights are published, and so is ε = 1e-3 (Darknet adds 1e-6 to the deviation
/// instead). Those weights count classes in Darknet's own order. Running statistics follow with
/// momentum 0.1 (Darknet: 0.01).
///
/// @source Redmon: Darknet, open source neural networks in C (2013–2016), `cfg/tiny.cfg`
public final class TinyDarknet implements Family {
  private static final String SOURCE =
      "Redmon: Darknet, open source neural networks in C (2013-2016), cfg/tiny.cfg";
  private static final Options IMAGENET = new Options(1000, 3, 224);

  @Override
  public List<Variant> variants() {
    return List.of(
        new Variant("tiny_darknet", IMAGENET, Preprocessing.UNIT, SOURCE, TinyDarknet::network));
  }

  private static Layer network(Options o) {
    var net = new Sequential();
    net = pool(conv(net, 1, o.channels(), 16, 3), 1);
    net = pool(conv(net, 2, 16, 32, 3), 2);
    net = conv(net, 3, 32, 16, 1);
    net = conv(net, 4, 16, 128, 3);
    net = conv(net, 5, 128, 16, 1);
    net = pool(conv(net, 6, 16, 128, 3), 3);
    net = conv(net, 7, 128, 32, 1);
    net = conv(net, 8, 32, 256, 3);
    net = conv(net, 9, 256, 32, 1);
    net = pool(conv(net, 10, 32, 256, 3), 4);
    net = conv(net, 11, 256, 64, 1);
    net = conv(net, 12, 64, 512, 3);
    net = conv(net, 13, 512, 64, 1);
    net = conv(net, 14, 64, 512, 3);
    net = conv(net, 15, 512, 128, 1);
    return net.then("conv2d_16", new Conv2d(128, o.classes(), 1).init(He.normal()))
        .then("global_average_pooling2d_1", new GlobalAveragePool());
  }

  private static Sequential conv(Sequential net, int number, int in, int out, int kernel) {
    var conv = new Conv2d(in, out, kernel).padding(kernel / 2).bias(false).init(He.normal());
    return net.then("conv2d_" + number, conv)
        .then("batch_normalization_" + number, new BatchNorm(out).epsilon(1e-3))
        .then("leaky_re_lu_" + number, Activate.leakyRelu(0.1));
  }

  private static Sequential pool(Sequential net, int number) {
    return net.then("max_pooling2d_" + number, new Same(new MaxPool2d(2)));
  }
}
