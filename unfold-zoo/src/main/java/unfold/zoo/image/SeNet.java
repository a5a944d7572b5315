package unfold.zoo.image;

import java.util.List;
import unfold.layer.Activate;
import unfold.layer.BatchNorm;
import unfold.layer.Conv2d;
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

/// Squeeze-and-excitation networks: in every residual block each channel is scaled by what all
/// channels say on average. SE-ResNet-50/101/152 have 28.1, 49.3 and 66.8 million parameters,
/// SE-ResNeXt-50 (32×4d) 27.6.
///
/// The scaling comes after the last batch norm of a branch, before the addition; the reduction
/// ratio is 16. The paper takes ResNets "as they are"; the published Caffe weights settle that
/// SE-ResNets have their stride at the first 1×1 convolution of a block, SE-ResNeXts at the 3×3,
/// and that the first pooling rounds up without padding. Keys are those of the weights converted
/// for PyTorch (`layer0.conv1`, `layer1.0.se_module.fc1`, `last_linear`). Option `zero_residual`:
/// the last batch norm of a block starts with scale 0.
///
/// @source Hu, Shen, Sun: Squeeze-and-excitation networks (2018), 3, table 1 and table 2
public final class SeNet implements Family {
  private static final String PAPER = "Hu, Shen, Sun: Squeeze-and-excitation networks (2018)";
  private static final int RATIO = 16;

  @Override
  public List<Variant> variants() {
    return List.of(
        variant("se_resnet50", List.of(3, 4, 6, 3), 1, 64),
        variant("se_resnet101", List.of(3, 4, 23, 3), 1, 64),
        variant("se_resnet152", List.of(3, 8, 36, 3), 1, 64),
        variant("se_resnext50_32x4d", List.of(3, 4, 6, 3), 32, 4));
  }

  private static Variant variant(String name, List<Integer> blocks, int groups, int width) {
    return new Variant(
        name,
        new Options(1000, 3, 224).with("zero_residual", false),
        Preprocessing.IMAGENET,
        PAPER,
        o -> network(o, blocks, groups, width));
  }

  private static Layer network(Options o, List<Integer> blocks, int groups, int width) {
    double scale = o.flag("zero_residual") ? 0 : 1;
    var net = new Sequential().then("layer0", stem(o.channels()));
    int in = 64;
    for (int i = 0; i < blocks.size(); i++) {
      int out = 256 << i;
      int middle = (width << i) * groups;
      var stage = new Sequential();
      for (int b = 0; b < blocks.get(i); b++) {
        int stride = b == 0 && i > 0 ? 2 : 1;
        stage = stage.then(new Block(b == 0 ? in : out, middle, out, stride, groups, scale));
      }
      net = net.then("layer" + (i + 1), stage);
      in = out;
    }
    return net.then("avg_pool", new GlobalAveragePool())
        .then("last_linear", new Linear(in, o.classes()).init(He.normal()));
  }

  private static Layer stem(int channels) {
    return new Sequential()
        .then("conv1", conv(channels, 64, 7).stride(2))
        .then("bn1", new BatchNorm(64))
        .then("relu1", Activate.RELU)
        .then("pool", new MaxPool2d(3).stride(2).ceil(true));
  }

  private static Conv2d conv(int in, int out, int kernel) {
    return new Conv2d(in, out, kernel).padding(kernel / 2).bias(false).init(He.normal());
  }

  /// y = relu( se(bn3(conv3( relu(bn2(conv2( relu(bn1(conv1(x))) ))) ))) + shortcut(x) )
  private record Block(int in, int middle, int out, int stride, int groups, double scale)
      implements Layer {
    @Override
    public Var apply(Scope s, Var x) {
      boolean first = groups == 1; // where the stride is
      Var y = s.apply("conv1", conv(in, middle, 1).stride(first ? stride : 1), x);
      y = s.apply("bn1", new BatchNorm(middle), y).relu();
      y = s.apply("conv2", conv(middle, middle, 3).stride(first ? 1 : stride).groups(groups), y);
      y = s.apply("bn2", new BatchNorm(middle), y).relu();
      y = s.apply("conv3", conv(middle, out, 1), y);
      y = s.apply("bn3", new BatchNorm(out).scale(scale), y);
      y = s.apply("se_module", new SqueezeExcitation(out), y);
      return y.add(shortcut(s, x)).relu();
    }

    private Var shortcut(Scope s, Var x) {
      if (stride == 1 && in == out) {
        return x;
      }
      var layers = Sequential.of(conv(in, out, 1).stride(stride), new BatchNorm(out));
      return s.apply("downsample", layers, x);
    }
  }

  /// y = x · σ( W₂·relu( W₁·mean(x) + b₁ ) + b₂ ), one factor for each channel; W₁ and W₂ as 1×1
  /// convolutions.
  private record SqueezeExcitation(int channels) implements Layer {
    @Override
    public Var apply(Scope s, Var x) {
      Var z = new GlobalAveragePool().apply(s, x).reshape(x.dim(0), channels, 1, 1);
      z = s.apply("fc1", fc(channels, channels / RATIO), z).relu();
      z = s.apply("fc2", fc(channels / RATIO, channels), z).sigmoid();
      return x.multiply(z);
    }

    private static Conv2d fc(int in, int out) {
      return new Conv2d(in, out, 1).init(He.normal());
    }
  }
}
