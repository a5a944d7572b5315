package unfold.zoo.image;

import java.util.List;
import unfold.layer.Activate;
import unfold.layer.BatchNorm;
import unfold.layer.Conv2d;
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

/// ResNeXt-29 for 32×32 pictures: three stages of three bottlenecks whose 3×3 convolution works in
/// `cardinality` groups of 64 channels (twice as many in each later stage). 8×64d has 34.4 million
/// parameters, 16×64d 68.1.
///
/// The paper leaves the shortcut open where sizes change; with a 1×1 convolution the parameters
/// come out as it counts them. The stride is at the 3×3 convolution, as in its code. Option
/// `zero_residual`: the last batch norm of a block starts with scale 0. The authors' weights have
/// no names; keys here are those of torchvision's ResNeXt.
///
/// @source Xie, Girshick, Dollár, Tu, He: Aggregated residual transformations for deep neural
///   networks (2017), 5.3 and table 7
public final class CifarResNeXt implements Family {
  private static final String PAPER =
      "Xie, Girshick, Dollár, Tu, He: Aggregated residual transformations for deep neural networks"
          + " (2017), 5.3";

  @Override
  public List<Variant> variants() {
    return List.of(
        variant("resnext29_8x64d_cifar", 8, 64), variant("resnext29_16x64d_cifar", 16, 64));
  }

  private static Variant variant(String name, int cardinality, int width) {
    return new Variant(
        name,
        new Options(10, 3, 32).with("zero_residual", false),
        Preprocessing.IMAGENET.wholePicture(),
        PAPER,
        o -> network(o, cardinality, width));
  }

  private static Layer network(Options o, int cardinality, int width) {
    double scale = o.flag("zero_residual") ? 0 : 1;
    return new Sequential()
        .then("conv1", conv(o.channels(), 64, 3))
        .then("bn1", new BatchNorm(64))
        .then("relu", Activate.RELU)
        .then("layer1", stage(64, 256, 1, cardinality, width, scale))
        .then("layer2", stage(256, 512, 2, cardinality, 2 * width, scale))
        .then("layer3", stage(512, 1024, 2, cardinality, 4 * width, scale))
        .then("avgpool", new GlobalAveragePool())
        .then("fc", new Linear(1024, o.classes()).init(He.normal()));
  }

  private static Layer stage(int in, int out, int stride, int groups, int width, double scale) {
    return Sequential.of(
        new Block(in, out, stride, groups, width, scale),
        new Block(out, out, 1, groups, width, scale),
        new Block(out, out, 1, groups, width, scale));
  }

  private static Conv2d conv(int in, int out, int kernel) {
    return new Conv2d(in, out, kernel).padding(kernel / 2).bias(false).init(He.normal());
  }

  /// y = relu( bn3(conv3( relu(bn2(conv2( relu(bn1(conv1(x))) ))) )) + shortcut(x) )
  private record Block(int in, int out, int stride, int groups, int width, double scale)
      implements Layer {
    @Override
    public Var apply(Scope s, Var x) {
      int middle = groups * width;
      Var y = s.apply("conv1", conv(in, middle, 1), x);
      y = s.apply("bn1", new BatchNorm(middle), y).relu();
      y = s.apply("conv2", conv(middle, middle, 3).stride(stride).groups(groups), y);
      y = s.apply("bn2", new BatchNorm(middle), y).relu();
      y = s.apply("conv3", conv(middle, out, 1), y);
      y = s.apply("bn3", new BatchNorm(out).scale(scale), y);
      return y.add(shortcut(s, x)).relu();
    }

    private Var shortcut(Scope s, Var x) {
      return in == out
          ? x
          : s.apply(
              "downsample", Sequential.of(conv(in, out, 1).stride(stride), new BatchNorm(out)), x);
    }
  }
}
