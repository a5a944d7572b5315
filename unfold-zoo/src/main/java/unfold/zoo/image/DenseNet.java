package unfold.zoo.image;

import java.util.ArrayList;
import java.util.List;
import unfold.layer.Activate;
import unfold.layer.AveragePool2d;
import unfold.layer.BatchNorm;
import unfold.layer.Conv2d;
import unfold.layer.Dropout;
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

/// Densely connected networks (DenseNet-BC) for pictures of ImageNet's size: every layer of a block
/// reads the results of all layers before it, and adds k maps to them. 1×1 convolutions narrow what
/// a layer reads to 4k maps; between blocks channels and picture are halved.
///
/// Option `dropout`: on the result of every dense layer.
///
/// Names and initialisation are torchvision's. Its published files write `norm.1` for `norm1`.
///
/// @source Huang, Liu, van der Maaten, Weinberger: Densely connected convolutional networks (2017),
///   table 1; 161 (k = 48): the authors' repository
public final class DenseNet implements Family {
  private static final String PAPER =
      "Huang, Liu, van der Maaten, Weinberger: Densely connected convolutional networks (2017)";
  private static final Options IMAGENET = new Options(1000, 3, 224).with("dropout", 0.0);

  @Override
  public List<Variant> variants() {
    return List.of(
        variant("densenet121", 32, 6, 12, 24, 16),
        variant("densenet161", 48, 6, 12, 36, 24),
        variant("densenet169", 32, 6, 12, 32, 32),
        variant("densenet201", 32, 6, 12, 48, 32));
  }

  private static Variant variant(String name, int growth, Integer... layers) {
    return new Variant(
        name, IMAGENET, Preprocessing.IMAGENET, PAPER, o -> network(o, growth, List.of(layers)));
  }

  /// @param growth maps that each layer adds, k
  /// @param layers of each block
  private static Layer network(Options o, int growth, List<Integer> layers) {
    int width = 2 * growth;
    var features =
        new Sequential()
            .then("conv0", conv(o.channels(), width, 7).stride(2).padding(3))
            .then("norm0", new BatchNorm(width))
            .then("relu0", Activate.RELU)
            .then("pool0", new MaxPool2d(3).stride(2).padding(1));
    for (int b = 1; b <= layers.size(); b++) {
      int count = layers.get(b - 1);
      features =
          features.then("denseblock" + b, new Block(width, growth, count, o.rate("dropout")));
      width += count * growth;
      if (b < layers.size()) {
        features = features.then("transition" + b, transition(width));
        width /= 2;
      }
    }
    return new Sequential()
        .then("features", features.then("norm5", new BatchNorm(width)))
        .then("relu", Activate.RELU)
        .then("pool", new GlobalAveragePool())
        // weights as PyTorch's default, but no bias
        .then("classifier", new Linear(width, o.classes()).init(He.uniform().slope(Math.sqrt(5))));
  }

  private static Conv2d conv(int in, int out, int kernel) {
    return new Conv2d(in, out, kernel).bias(false).init(He.normal());
  }

  /// Half as many channels, half the picture.
  private static Layer transition(int in) {
    return new Sequential()
        .then("norm", new BatchNorm(in))
        .then("relu", Activate.RELU)
        .then("conv", conv(in, in / 2, 1))
        .then("pool", new AveragePool2d(2));
  }

  /// x and the results of all layers, side by side.
  private record Block(int in, int growth, int layers, double dropout) implements Layer {
    @Override
    public Var apply(Scope s, Var x) {
      var parts = new ArrayList<>(List.of(x));
      for (int i = 0; i < layers; i++) {
        Var all = i == 0 ? x : Var.concat(1, parts);
        parts.add(s.apply("denselayer" + (i + 1), layer(in + i * growth), all));
      }
      return Var.concat(1, parts);
    }

    private Layer layer(int width) {
      return new Sequential()
          .then("norm1", new BatchNorm(width))
          .then("relu1", Activate.RELU)
          .then("conv1", conv(width, 4 * growth, 1))
          .then("norm2", new BatchNorm(4 * growth))
          .then("relu2", Activate.RELU)
          .then("conv2", conv(4 * growth, growth, 3).padding(1))
          .then("dropout", new Dropout(dropout));
    }
  }
}
