package unfold.zoo.image;

import java.util.List;
import java.util.function.Function;
import unfold.layer.Activate;
import unfold.layer.AveragePool2d;
import unfold.layer.BatchNorm;
import unfold.layer.Conv2d;
import unfold.layer.Dropout;
import unfold.layer.GlobalAveragePool;
import unfold.layer.He;
import unfold.layer.Layer;
import unfold.layer.Linear;
import unfold.layer.Sequential;
import unfold.model.Options;
import unfold.model.Preprocessing;
import unfold.model.Variant;
import unfold.trace.Scope;
import unfold.trace.Var;
import unfold.zoo.Family;

/// DenseNets for 32×32 pictures: three blocks in which each layer reads all earlier ones and adds k
/// channels, with a 1×1 convolution and 2×2 average pooling between blocks.
///
/// Plain form (L, k): 16 channels first, (L − 4)/3 layers a block. BC form: 2k channels first, (L −
/// 4)/6 layers a block, each with a 1×1 convolution to 4k channels in front (bottleneck), and
/// transitions that keep half of the channels (compression). (40, 12) has 1.0 million parameters,
/// BC (100, 12) 0.8, BC (250, 24) 15.3, BC (190, 40) 25.6.
///
/// Option `dropout`: after each convolution but the first; 0.2 in the paper where pictures are not
/// augmented. Keys are torchvision's; the last norm, behind the third block, is `norm5` as there.
///
/// @source Huang, Liu, van der Maaten, Weinberger: Densely connected convolutional networks (2017),
///   3 and table 2
public final class CifarDenseNet implements Family {
  private static final String PAPER =
      "Huang, Liu, van der Maaten, Weinberger: Densely connected convolutional networks (2017)";

  @Override
  public List<Variant> variants() {
    return List.of(
        variant("densenet40_12_cifar", o -> plain(o, 12, 12)),
        variant("densenet100_12_cifar", o -> plain(o, 32, 12)),
        variant("densenet100_24_cifar", o -> plain(o, 32, 24)),
        variant("densenet_bc100_12_cifar", o -> compressed(o, 16, 12)),
        variant("densenet_bc250_24_cifar", o -> compressed(o, 41, 24)),
        variant("densenet_bc190_40_cifar", o -> compressed(o, 31, 40)));
  }

  private static Variant variant(String name, Function<Options, Layer> build) {
    return new Variant(
        name,
        new Options(10, 3, 32).with("dropout", 0.0),
        Preprocessing.IMAGENET.wholePicture(),
        PAPER,
        build);
  }

  private static Layer plain(Options o, int layers, int growth) {
    return network(o, 16, layers, growth, 0, 1);
  }

  private static Layer compressed(Options o, int layers, int growth) {
    return network(o, 2 * growth, layers, growth, 4 * growth, 2);
  }

  /// @param middle channels of a bottleneck, 0 for none
  /// @param compression by how much transitions divide the channels
  private static Layer network(
      Options o, int first, int layers, int growth, int middle, int compression) {
    double rate = o.rate("dropout");
    int in = first;
    var features = new Sequential().then("conv0", conv(o.channels(), first, 3));
    for (int block = 1; block <= 3; block++) {
      var dense = new Sequential();
      for (int i = 1; i <= layers; i++) {
        dense = dense.then("denselayer" + i, new DenseLayer(in, growth, middle, rate));
        in += growth;
      }
      features = features.then("denseblock" + block, dense);
      if (block < 3) {
        features = features.then("transition" + block, transition(in, in / compression, rate));
        in /= compression;
      }
    }
    features = features.then("norm5", new BatchNorm(in));
    return new Sequential()
        .then("features", features)
        .then("relu", Activate.RELU)
        .then("pool", new GlobalAveragePool())
        .then("classifier", new Linear(in, o.classes()).init(He.normal()));
  }

  private static Layer transition(int in, int out, double rate) {
    return new Sequential()
        .then("norm", new BatchNorm(in))
        .then("relu", Activate.RELU)
        .then("conv", conv(in, out, 1))
        .then("dropout", new Dropout(rate))
        .then("pool", new AveragePool2d(2));
  }

  private static Conv2d conv(int in, int out, int kernel) {
    return new Conv2d(in, out, kernel).padding(kernel / 2).bias(false).init(He.normal());
  }

  /// y = [x, conv(relu(bn(x)))], with a bottleneck [x, conv2(relu(bn2( conv1(relu(bn1(x))) )))]
  private record DenseLayer(int in, int growth, int middle, double rate) implements Layer {
    @Override
    public Var apply(Scope s, Var x) {
      Var y = s.apply("norm1", new BatchNorm(in), x).relu();
      if (middle == 0) {
        y = s.apply("conv1", conv(in, growth, 3), y);
        y = s.apply("drop1", new Dropout(rate), y);
      } else {
        y = s.apply("conv1", conv(in, middle, 1), y);
        y = s.apply("drop1", new Dropout(rate), y);
        y = s.apply("norm2", new BatchNorm(middle), y).relu();
        y = s.apply("conv2", conv(middle, growth, 3), y);
        y = s.apply("drop2", new Dropout(rate), y);
      }
      return Var.concat(1, List.of(x, y));
    }
  }
}
