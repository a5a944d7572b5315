package unfold.zoo.image;

import java.util.List;
import unfold.layer.Activate;
import unfold.layer.BatchNorm;
import unfold.layer.Conv2d;
import unfold.layer.Fan;
import unfold.layer.GlobalAveragePool;
import unfold.layer.He;
import unfold.layer.Layer;
import unfold.layer.Linear;
import unfold.layer.MaxPool2d;
import unfold.layer.Sequential;
import unfold.model.Options;
import unfold.model.Preprocessing;
import unfold.model.Variant;
import unfold.trace.Scope;
import unfold.trace.Var;
import unfold.zoo.Family;

/// Residual networks for pictures of ImageNet's size: a block adds what it computes to what it got.
/// ResNet-18 and -34 have blocks of two 3×3 convolutions; the deeper ones have bottlenecks, 1×1 to
/// few channels, 3×3, 1×1 to four times as many. ResNeXt splits the 3×3 convolution into groups,
/// Wide ResNet makes it twice as wide.
///
/// As in torchvision the 3×3 convolution of a bottleneck has the stride (the paper: the first 1×1).
///
/// Option `zero_residual`: the last batch norm of a block starts with scale 0, so that every block
/// starts as the identity.
///
/// Names and initialisation are torchvision's.
///
/// @source He, Zhang, Ren, Sun: Deep residual learning for image recognition (2016), table 1; Xie,
///   Girshick, Dollár, Tu, He: Aggregated residual transformations (2017); Zagoruyko, Komodakis:
///   Wide residual networks (2016)
public final class ResNet implements Family {
  private static final String PAPER =
      "He, Zhang, Ren, Sun: Deep residual learning for image recognition (2016)";
  private static final String RESNEXT =
      "Xie, Girshick, Dollár, Tu, He: Aggregated residual transformations for deep neural networks"
          + " (2017)";
  private static final String WIDE = "Zagoruyko, Komodakis: Wide residual networks (2016)";
  private static final Options IMAGENET = new Options(1000, 3, 224).with("zero_residual", false);

  @Override
  public List<Variant> variants() {
    return List.of(
        variant("resnet18", PAPER, basic(2, 2, 2, 2)),
        variant("resnet34", PAPER, basic(3, 4, 6, 3)),
        variant("resnet50", PAPER, bottleneck(3, 4, 6, 3)),
        variant("resnet101", PAPER, bottleneck(3, 4, 23, 3)),
        variant("resnet152", PAPER, bottleneck(3, 8, 36, 3)),
        variant("resnext50_32x4d", RESNEXT, bottleneck(3, 4, 6, 3).groups(32, 4)),
        variant("resnext101_32x8d", RESNEXT, bottleneck(3, 4, 23, 3).groups(32, 8)),
        variant("resnext101_64x4d", RESNEXT, bottleneck(3, 4, 23, 3).groups(64, 4)),
        variant("wide_resnet50_2", WIDE, bottleneck(3, 4, 6, 3).groups(1, 128)),
        variant("wide_resnet101_2", WIDE, bottleneck(3, 4, 23, 3).groups(1, 128)));
  }

  private static Variant variant(String name, String source, Form form) {
    return new Variant(name, IMAGENET, Preprocessing.IMAGENET, source, o -> network(o, form));
  }

  private static Form basic(Integer... blocks) {
    return new Form(false, List.of(blocks), 1, 64);
  }

  private static Form bottleneck(Integer... blocks) {
    return new Form(true, List.of(blocks), 1, 64);
  }

  /// What the networks differ in.
  ///
  /// @param blocks of each stage
  /// @param groups of the 3×3 convolution of a bottleneck
  /// @param width of each group in the first stage
  private record Form(boolean bottleneck, List<Integer> blocks, int groups, int width) {
    Form groups(int count, int each) {
      return new Form(bottleneck, blocks, count, each);
    }

    int expansion() {
      return bottleneck ? 4 : 1;
    }
  }

  private static Layer network(Options o, Form form) {
    double scale = o.flag("zero_residual") ? 0 : 1;
    int expansion = form.expansion();
    return new Sequential()
        .then("conv1", conv(o.channels(), 64, 7, 2))
        .then("bn1", new BatchNorm(64))
        .then("relu", Activate.RELU)
        .then("maxpool", new MaxPool2d(3).stride(2).padding(1))
        .then("layer1", stage(form, 1, 64, scale))
        .then("layer2", stage(form, 2, 64 * expansion, scale))
        .then("layer3", stage(form, 3, 128 * expansion, scale))
        .then("layer4", stage(form, 4, 256 * expansion, scale))
        .then("avgpool", new GlobalAveragePool())
        .then("fc", new Linear(512 * expansion, o.classes()));
  }

  private static Layer stage(Form form, int number, int in, double scale) {
    int planes = 32 << number;
    int stride = number == 1 ? 1 : 2;
    var stage = new Sequential().then(block(form, in, planes, stride, scale));
    for (int i = 1; i < form.blocks().get(number - 1); i++) {
      stage = stage.then(block(form, planes * form.expansion(), planes, 1, scale));
    }
    return stage;
  }

  private static Layer block(Form form, int in, int planes, int stride, double scale) {
    if (!form.bottleneck()) {
      return new BasicBlock(in, planes, stride, scale);
    }
    int width = planes * form.width() / 64 * form.groups();
    return new Bottleneck(in, width, planes * 4, stride, form.groups(), scale);
  }

  private static Conv2d conv(int in, int out, int kernel, int stride) {
    return new Conv2d(in, out, kernel)
        .stride(stride)
        .padding(kernel / 2)
        .bias(false)
        .init(He.normal().fan(Fan.OUT));
  }

  /// y = relu( bn2(conv2( relu(bn1(conv1(x))) )) + shortcut(x) )
  private record BasicBlock(int in, int out, int stride, double scale) implements Layer {
    @Override
    public Var apply(Scope s, Var x) {
      Var y = s.apply("conv1", conv(in, out, 3, stride), x);
      y = s.apply("bn1", new BatchNorm(out), y).relu();
      y = s.apply("conv2", conv(out, out, 3, 1), y);
      y = s.apply("bn2", new BatchNorm(out).scale(scale), y);
      return y.add(shortcut(s, x, in, out, stride)).relu();
    }
  }

  /// y = relu( bn3(conv3( relu(bn2(conv2( relu(bn1(conv1(x))) ))) )) + shortcut(x) )
  private record Bottleneck(int in, int width, int out, int stride, int groups, double scale)
      implements Layer {
    @Override
    public Var apply(Scope s, Var x) {
      Var y = s.apply("conv1", conv(in, width, 1, 1), x);
      y = s.apply("bn1", new BatchNorm(width), y).relu();
      y = s.apply("conv2", conv(width, width, 3, stride).groups(groups), y);
      y = s.apply("bn2", new BatchNorm(width), y).relu();
      y = s.apply("conv3", conv(width, out, 1, 1), y);
      y = s.apply("bn3", new BatchNorm(out).scale(scale), y);
      return y.add(shortcut(s, x, in, out, stride)).relu();
    }
  }

  /// The input; where its size changes, a 1×1 convolution of it.
  private static Var shortcut(Scope s, Var x, int in, int out, int stride) {
    return stride == 1 && in == out
        ? x
        : s.apply("downsample", Sequential.of(conv(in, out, 1, stride), new BatchNorm(out)), x);
  }
}
