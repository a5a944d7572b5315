package unfold.zoo.image;

import java.util.List;
import unfold.layer.Activate;
import unfold.layer.AveragePool2d;
import unfold.layer.Conv2d;
import unfold.layer.Dropout;
import unfold.layer.GlobalAveragePool;
import unfold.layer.He;
import unfold.layer.Layer;
import unfold.layer.MaxPool2d;
import unfold.layer.Sequential;
import unfold.model.Options;
import unfold.model.Preprocessing;
import unfold.model.Variant;
import unfold.zoo.Family;

/// Network in network: after each convolution two 1×1 ones ("cccp", a small perceptron that slides
/// over the picture), and at the end one map per class whose mean is its score, instead of fully
/// connected layers. 966,986 parameters for CIFAR-10, 7,595,176 for ImageNet.
///
/// The paper tells the structure; widths, windows, and the average pooling of the CIFAR form's
/// second block are those of the definition files its authors published, with Caffe's pooling,
/// which rounds up. There weights start normal with deviation 0.05 or 0.01; here by He's rule,
/// which trains without their care for each layer. Keys are their layers' names. Option `dropout`.
///
/// @source Lin, Chen, Yan: Network in network (2014), 3 and 4
public final class NetworkInNetwork implements Family {
  private static final String PAPER = "Lin, Chen, Yan: Network in network (2014)";

  @Override
  public List<Variant> variants() {
    return List.of(
        new Variant(
            "nin_cifar",
            new Options(10, 3, 32).with("dropout", 0.5),
            Preprocessing.IMAGENET.wholePicture(),
            PAPER + ", 4.2",
            NetworkInNetwork::small),
        new Variant(
            "nin_imagenet",
            new Options(1000, 3, 224).with("dropout", 0.5),
            Preprocessing.IMAGENET,
            PAPER + ", the authors' model for ImageNet",
            NetworkInNetwork::large));
  }

  private static Layer small(Options o) {
    var net = block(new Sequential(), "conv1", conv(o.channels(), 192, 5).padding(2), 1, 160, 96);
    net = net.then("pool1", max()).then("drop3", new Dropout(o.rate("dropout")));
    net = block(net, "conv2", conv(96, 192, 5).padding(2), 3, 192, 192);
    var average = new AveragePool2d(3).stride(2).ceil(true);
    net = net.then("pool2", average).then("drop6", new Dropout(o.rate("dropout")));
    net = block(net, "conv3", conv(192, 192, 3).padding(1), 5, 192, o.classes());
    return net.then("pool3", new GlobalAveragePool());
  }

  private static Layer large(Options o) {
    var net = block(new Sequential(), "conv1", conv(o.channels(), 96, 11).stride(4), 1, 96, 96);
    net = block(net.then("pool1", max()), "conv2", conv(96, 256, 5).padding(2), 3, 256, 256);
    net = block(net.then("pool2", max()), "conv3", conv(256, 384, 3).padding(1), 5, 384, 384);
    net = net.then("pool3", max()).then("drop", new Dropout(o.rate("dropout")));
    net = block(net, "conv4", conv(384, 1024, 3).padding(1), 7, 1024, o.classes());
    return net.then("pool4", new GlobalAveragePool());
  }

  /// A convolution and two 1×1 ones, each with a rectifier (the last too).
  private static Sequential block(
      Sequential net, String name, Conv2d conv, int number, int middle, int out) {
    return net.then(name, conv)
        .then("relu_" + name, Activate.RELU)
        .then("cccp" + number, conv(conv.out(), middle, 1))
        .then("relu_cccp" + number, Activate.RELU)
        .then("cccp" + (number + 1), conv(middle, out, 1))
        .then("relu_cccp" + (number + 1), Activate.RELU);
  }

  private static Layer max() {
    return new MaxPool2d(3).stride(2).ceil(true);
  }

  private static Conv2d conv(int in, int out, int kernel) {
    return new Conv2d(in, out, kernel).init(He.normal());
  }
}
