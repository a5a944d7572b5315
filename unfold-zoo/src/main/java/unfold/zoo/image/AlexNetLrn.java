package unfold.zoo.image;

import java.util.List;
import unfold.error.InputException;
import unfold.layer.Activate;
import unfold.layer.Conv2d;
import unfold.layer.Dropout;
import unfold.layer.Flatten;
import unfold.layer.Layer;
import unfold.layer.Linear;
import unfold.layer.LocalResponseNorm;
import unfold.layer.MaxPool2d;
import unfold.layer.Normal;
import unfold.layer.Sequential;
import unfold.layer.WithBias;
import unfold.model.Options;
import unfold.model.Preprocessing;
import unfold.model.Variant;
import unfold.zoo.Family;

/// AlexNet with local response normalisation, the network that won ImageNet in 2012, in the form of
/// lectures and Caffe: one tower, 227×227 pictures, normalisation after pooling. CONV1 96 11×11/4 →
/// 55 · POOL 3×3/2 → 27 · LRN · CONV2 256 5×5 p2 · POOL → 13 · LRN · CONV3 384 · CONV4 384 · CONV5
/// 256 · POOL → 6 · FC 4096 · FC 4096 · FC 1000; 62,378,344 parameters.
///
/// The original ran on two GPUs, each of which had half of the filters; CONV2, CONV4 and CONV5 saw
/// only their own half. Option `groups=2` is that form, with 60,965,224 parameters (the paper's "60
/// million"). The paper also normalises before pooling: option `lrn=before_pool`. It speaks of
/// 224×224 pictures; its sizes come out with 227×227, or with zeros around.
///
/// Weights start normal with deviation 0.01; biases start with 1 in CONV2, CONV4, CONV5 and the
/// hidden fully connected layers, else 0. The classifier's two dropouts have rate `dropout`; option
/// `hidden` is their width. torchvision's `alexnet` is another network, without normalisation. Keys
/// are the layers' names in Caffe.
///
/// @source Krizhevsky, Sutskever, Hinton: ImageNet classification with deep convolutional neural
///   networks (2012), 3 and 5
public final class AlexNetLrn implements Family {
  private static final String PAPER =
      "Krizhevsky, Sutskever, Hinton: ImageNet classification with deep convolutional neural"
          + " networks (2012)";

  @Override
  public List<Variant> variants() {
    return List.of(
        new Variant(
            "alexnet_lrn",
            new Options(1000, 3, 227)
                .with("groups", 1)
                .with("lrn", "after_pool")
                .with("dropout", 0.5)
                .with("hidden", 4096),
            new Preprocessing(
                Preprocessing.IMAGENET.mean(), Preprocessing.IMAGENET.deviation(), 256, 227),
            PAPER,
            AlexNetLrn::network));
  }

  private static Layer network(Options o) {
    int groups = o.integer("groups");
    int side = side(o.height());
    int hidden = o.integer("hidden");
    var net = new Sequential().then("conv1", conv(o.channels(), 96, 11, 0).stride(4));
    net = poolAndNormalize(net.then("relu1", Activate.RELU), 1, o.word("lrn"));
    net = net.then("conv2", conv(96, 256, 5, 1).padding(2).groups(groups));
    net = poolAndNormalize(net.then("relu2", Activate.RELU), 2, o.word("lrn"));
    return net.then("conv3", conv(256, 384, 3, 0).padding(1))
        .then("relu3", Activate.RELU)
        .then("conv4", conv(384, 384, 3, 1).padding(1).groups(groups))
        .then("relu4", Activate.RELU)
        .then("conv5", conv(384, 256, 3, 1).padding(1).groups(groups))
        .then("relu5", Activate.RELU)
        .then("pool5", new MaxPool2d(3).stride(2))
        .then("flatten", new Flatten())
        .then("fc6", linear(256 * side * side(o.width()), hidden, 1))
        .then("relu6", Activate.RELU)
        .then("drop6", new Dropout(o.rate("dropout")))
        .then("fc7", linear(hidden, hidden, 1))
        .then("relu7", Activate.RELU)
        .then("drop7", new Dropout(o.rate("dropout")))
        .then("fc8", linear(hidden, o.classes(), 0));
  }

  private static Sequential poolAndNormalize(Sequential net, int number, String order) {
    var pool = new MaxPool2d(3).stride(2);
    // k = 2, n = 5, α = 1e-4, β = 0.75; the layer divides α by n.
    var lrn = new LocalResponseNorm(5, 5 * 1e-4, 0.75, 2);
    return switch (order) {
      case "after_pool" -> net.then("pool" + number, pool).then("norm" + number, lrn);
      case "before_pool" -> net.then("norm" + number, lrn).then("pool" + number, pool);
      default -> throw new InputException("lrn=" + order + " must be after_pool or before_pool");
    };
  }

  /// A picture's side after CONV1 and three poolings: 227 → 55 → 27 → 13 → 6.
  private static int side(int picture) {
    int side = (picture - 11) / 4 + 1;
    for (int pool = 0; pool < 3; pool++) {
      side = (side - 3) / 2 + 1;
    }
    return side;
  }

  private static Conv2d conv(int in, int out, int kernel, double bias) {
    return new Conv2d(in, out, kernel).init(new WithBias(new Normal(0, 0.01), bias));
  }

  private static Linear linear(int in, int out, double bias) {
    return new Linear(in, out).init(new WithBias(new Normal(0, 0.01), bias));
  }
}
