package unfold.zoo.image;

import java.util.List;
import unfold.layer.Activate;
import unfold.layer.AveragePool2d;
import unfold.layer.Conv2d;
import unfold.layer.Flatten;
import unfold.layer.Layer;
import unfold.layer.Linear;
import unfold.layer.MaxPool2d;
import unfold.layer.Sequential;
import unfold.model.Options;
import unfold.model.Preprocessing;
import unfold.model.Variant;
import unfold.zoo.Family;

/// LeNet-5: CONV-POOL-CONV-POOL-FC-FC-FC, 61,706 parameters.
///
/// The paper's 32×32 pictures are 28×28 ones with two rows of background around; here the first
/// convolution pads instead. As everybody today: subsampling has no weights of its own, the second
/// convolution reads all maps, and the output is linear instead of radial basis functions.
///
/// Layers carry the paper's names. Beside a plain `nn.Sequential` of the same layers, c1 is "0", c3
/// "3", c5 "7", f6 "9" and output "11".
///
/// @source LeCun, Bottou, Bengio, Haffner: Gradient-based learning applied to document recognition
///   (1998), II.B
public final class LeNet implements Family {
  private static final String PAPER =
      "LeCun, Bottou, Bengio, Haffner: Gradient-based learning applied to document recognition"
          + " (1998)";
  private static final Options DIGITS = new Options(10, 1, 28);

  @Override
  public List<Variant> variants() {
    return List.of(
        new Variant(
            "lenet5",
            DIGITS,
            Preprocessing.MNIST,
            PAPER,
            o -> network(o, Activate.TANH, new AveragePool2d(2))),
        new Variant(
            "lenet5_relu",
            DIGITS,
            Preprocessing.MNIST,
            PAPER + ", with rectifiers and max pooling",
            o -> network(o, Activate.RELU, new MaxPool2d(2))));
  }

  private static Layer network(Options o, Activate act, Layer pool) {
    int h = (o.height() / 2 - 4) / 2;
    int w = (o.width() / 2 - 4) / 2;
    return new Sequential()
        .then("c1", new Conv2d(o.channels(), 6, 5).padding(2))
        .then("act1", act)
        .then("s2", pool)
        .then("c3", new Conv2d(6, 16, 5))
        .then("act3", act)
        .then("s4", pool)
        .then("flatten", new Flatten())
        .then("c5", new Linear(16 * h * w, 120))
        .then("act5", act)
        .then("f6", new Linear(120, 84))
        .then("act6", act)
        .then("output", new Linear(84, o.classes()));
  }
}
