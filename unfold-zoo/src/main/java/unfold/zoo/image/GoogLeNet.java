package unfold.zoo.image;

import java.util.List;
import unfold.layer.Activate;
import unfold.layer.AdaptiveAveragePool2d;
import unfold.layer.Auxiliary;
import unfold.layer.BatchNorm;
import unfold.layer.Concat;
import unfold.layer.Conv2d;
import unfold.layer.Dropout;
import unfold.layer.Flatten;
import unfold.layer.GlobalAveragePool;
import unfold.layer.Layer;
import unfold.layer.Linear;
import unfold.layer.MaxPool2d;
import unfold.layer.Normal;
import unfold.layer.Sequential;
import unfold.layer.Uniform;
import unfold.layer.WithBias;
import unfold.model.Options;
import unfold.model.Preprocessing;
import unfold.model.Variant;
import unfold.zoo.Family;

/// GoogLeNet: nine inception modules, each of which looks through four windows of different sizes
/// at once and puts what it sees side by side; 1×1 convolutions in front keep that cheap. While
/// training, two auxiliary heads answer from the middle of the network, and their losses count 0.3
/// each; they are not there in evaluation.
///
/// As in torchvision every convolution has a batch norm, there is no local response normalisation,
/// and the third branch has a 3×3 convolution where the paper has 5×5.
///
/// Options `dropout` (before the classifier), `aux` (whether there are auxiliary heads) and
/// `dropout_aux` (in these).
///
/// Names and initialisation are torchvision's; its weights want pixels from −1 to 1.
///
/// @source Szegedy, Liu, Jia, Sermanet, Reed, Anguelov, Erhan, Vanhoucke, Rabinovich: Going deeper
///   with convolutions (2015), table 1
public final class GoogLeNet implements Family {
  private static final String PAPER =
      "Szegedy, Liu, Jia, Sermanet, Reed, Anguelov, Erhan, Vanhoucke, Rabinovich: Going deeper with"
          + " convolutions (2015)";
  private static final Options IMAGENET =
      new Options(1000, 3, 224).with("dropout", 0.2).with("aux", true).with("dropout_aux", 0.7);
  private static final double AUXILIARY_WEIGHT = 0.3;

  /// torchvision's `transform_input`, which its weights come with, makes this of ImageNet's means.
  private static final Preprocessing PIXELS =
      new Preprocessing(List.of(0.5, 0.5, 0.5), List.of(0.5, 0.5, 0.5), 256, 224);

  @Override
  public List<Variant> variants() {
    return List.of(new Variant("googlenet", IMAGENET, PIXELS, PAPER, GoogLeNet::network));
  }

  private static Layer network(Options o) {
    boolean aux = o.flag("aux");
    var trunk =
        new Sequential()
            .then("conv1", conv(o.channels(), 64, 7, 2))
            .then("maxpool1", pool(3, 2))
            .then("conv2", conv(64, 64, 1, 1))
            .then("conv3", conv(64, 192, 3, 1))
            .then("maxpool2", pool(3, 2))
            .then("inception3a", inception(192, 64, 96, 128, 16, 32, 32))
            .then("inception3b", inception(256, 128, 128, 192, 32, 96, 64))
            .then("maxpool3", pool(3, 2))
            .then("inception4a", inception(480, 192, 96, 208, 16, 48, 64));
    trunk = aux ? trunk.then("aux1", auxiliary(512, o)) : trunk;
    trunk =
        trunk
            .then("inception4b", inception(512, 160, 112, 224, 24, 64, 64))
            .then("inception4c", inception(512, 128, 128, 256, 24, 64, 64))
            .then("inception4d", inception(512, 112, 144, 288, 32, 64, 64));
    trunk = aux ? trunk.then("aux2", auxiliary(528, o)) : trunk;
    return trunk
        .then("inception4e", inception(528, 256, 160, 320, 32, 128, 128))
        .then("maxpool4", pool(2, 2))
        .then("inception5a", inception(832, 256, 160, 320, 32, 128, 128))
        .then("inception5b", inception(832, 384, 192, 384, 48, 128, 128))
        .then("avgpool", new GlobalAveragePool())
        .then("dropout", new Dropout(o.rate("dropout")))
        .then("fc", linear(1024, o.classes()));
  }

  /// Four branches: 1×1; 1×1 then 3×3; 1×1 then 3×3; max pool then 1×1. A row of table 1.
  private static Layer inception(
      int in, int one, int squeeze3, int three, int squeeze5, int five, int pooled) {
    return new Concat()
        .branch("branch1", conv(in, one, 1, 1))
        .branch("branch2", Sequential.of(conv(in, squeeze3, 1, 1), conv(squeeze3, three, 3, 1)))
        .branch("branch3", Sequential.of(conv(in, squeeze5, 1, 1), conv(squeeze5, five, 3, 1)))
        .branch(
            "branch4",
            Sequential.of(
                new MaxPool2d(3).stride(1).padding(1).ceil(true), conv(in, pooled, 1, 1)));
  }

  private static Layer auxiliary(int in, Options o) {
    return new Auxiliary(
        AUXILIARY_WEIGHT,
        new Sequential()
            .then("pool", new AdaptiveAveragePool2d(4))
            .then("conv", conv(in, 128, 1, 1))
            .then("flatten", new Flatten())
            .then("fc1", linear(128 * 4 * 4, 1024))
            .then("relu", Activate.RELU)
            .then("dropout", new Dropout(o.rate("dropout_aux")))
            .then("fc2", linear(1024, o.classes())));
  }

  private static Layer pool(int kernel, int stride) {
    return new MaxPool2d(kernel).stride(stride).ceil(true);
  }

  /// relu(bn(conv(x)))
  private static Layer conv(int in, int out, int kernel, int stride) {
    return new Sequential()
        .then(
            "conv",
            new Conv2d(in, out, kernel)
                .stride(stride)
                .padding(kernel / 2)
                .bias(false)
                .init(new Normal(0, 0.01)))
        .then("bn", new BatchNorm(out).epsilon(1e-3))
        .then("relu", Activate.RELU);
  }

  /// Small weights beside PyTorch's usual biases.
  private static Layer linear(int in, int out) {
    var bias = Uniform.within(1 / Math.sqrt(in));
    return new Linear(in, out).init(new WithBias(new Normal(0, 0.01), bias));
  }
}
