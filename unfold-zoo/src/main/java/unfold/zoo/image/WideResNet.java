package unfold.zoo.image;

import java.util.ArrayList;
import java.util.List;
import unfold.layer.Activate;
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

/// Wide residual networks for 32×32 pictures, WRN-d-k: depth d = 6n + 4, three groups of n blocks
/// with 16k, 32k, 64k channels. Blocks are pre-activated: BN, ReLU, convolution, twice. WRN-28-10
/// has 36.5 million parameters; `wide_resnet50_2` is the form for ImageNet.
///
/// A block whose width changes adds a 1×1 convolution of its *activated* input, any other its plain
/// input; the paper says neither, its code does. Option `dropout` is between the two convolutions;
/// the paper uses 0.3 (CIFAR, 4.2) where it uses any. Keys are those of the authors' code for
/// PyTorch.
///
/// @source Zagoruyko, Komodakis: Wide residual networks (2016), table 1 and 2.4
public final class WideResNet implements Family {
  private static final String PAPER = "Zagoruyko, Komodakis: Wide residual networks (2016)";

  @Override
  public List<Variant> variants() {
    var all = new ArrayList<Variant>();
    int[][] forms = {
      {16, 4}, {16, 8}, {22, 8}, {28, 10}, {28, 12}, {40, 1}, {40, 2}, {40, 4}, {40, 8}
    };
    for (int[] form : forms) {
      int blocks = (form[0] - 4) / 6;
      all.add(
          new Variant(
              "wrn" + form[0] + "_" + form[1] + "_cifar",
              new Options(10, 3, 32).with("dropout", 0.0),
              Preprocessing.IMAGENET.wholePicture(),
              PAPER,
              o -> network(o, blocks, form[1])));
    }
    return List.copyOf(all);
  }

  private static Layer network(Options o, int blocks, int k) {
    double rate = o.rate("dropout");
    return new Sequential()
        .then("conv0", conv(o.channels(), 16, 3, 1))
        .then("group0", group(16, 16 * k, 1, blocks, rate))
        .then("group1", group(16 * k, 32 * k, 2, blocks, rate))
        .then("group2", group(32 * k, 64 * k, 2, blocks, rate))
        .then("bn", new BatchNorm(64 * k))
        .then("relu", Activate.RELU)
        .then("pool", new GlobalAveragePool())
        .then("fc", new Linear(64 * k, o.classes()).init(He.normal()));
  }

  private static Layer group(int in, int out, int stride, int blocks, double rate) {
    var group = new Sequential().then("block0", new Block(in, out, stride, rate));
    for (int i = 1; i < blocks; i++) {
      group = group.then("block" + i, new Block(out, out, 1, rate));
    }
    return group;
  }

  private static Conv2d conv(int in, int out, int kernel, int stride) {
    return new Conv2d(in, out, kernel)
        .stride(stride)
        .padding(kernel / 2)
        .bias(false)
        .init(He.normal());
  }

  /// z = relu(bn0(x)); y = conv1( dropout( relu(bn1(conv0(z))) )) + shortcut
  private record Block(int in, int out, int stride, double rate) implements Layer {
    @Override
    public Var apply(Scope s, Var x) {
      Var z = s.apply("bn0", new BatchNorm(in), x).relu();
      Var y = s.apply("conv0", conv(in, out, 3, stride), z);
      y = s.apply("bn1", new BatchNorm(out), y).relu();
      y = s.apply("dropout", new Dropout(rate), y);
      y = s.apply("conv1", conv(out, out, 3, 1), y);
      return y.add(in == out ? x : s.apply("convdim", conv(in, out, 1, stride), z));
    }
  }
}
