package unfold.zoo.image;

import java.util.List;
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
import unfold.model.Options;
import unfold.model.Preprocessing;
import unfold.model.Variant;
import unfold.zoo.Family;

/// ZFNet: AlexNet after its first layers had been looked at. 7×7/2 instead of 11×11/4, because the
/// large filters left out middle frequencies, and the stride made aliasing; one tower. 224 → CONV1
/// 110 → POOL 55 → CONV2 5×5/2 26 → POOL 13 → CONV3 384, CONV4 384, CONV5 256 → POOL 6 → FC 4096 ·
/// 4096 · 1000; 62,357,608 parameters.
///
/// The paper gives the sizes, which ask for padding 1 at CONV1 and pooling that rounds up. It calls
/// the normalisation across maps "contrast normalisation" without its constants; here they are
/// AlexNet's, and it comes after pooling, as the paper's figure 3 says. Weights start normal with
/// deviation 0.01 ("initialized to 10⁻²"), biases with 0. Dropout 0.5 in the classifier (option
/// `dropout`), whose width is option `hidden`.
///
/// @source Zeiler, Fergus: Visualizing and understanding convolutional networks (2013), 3 and
///   figure 3
public final class ZfNet implements Family {
  private static final String PAPER =
      "Zeiler, Fergus: Visualizing and understanding convolutional networks (2013)";

  @Override
  public List<Variant> variants() {
    return List.of(
        new Variant(
            "zfnet",
            new Options(1000, 3, 224).with("dropout", 0.5).with("hidden", 4096),
            Preprocessing.IMAGENET,
            PAPER,
            ZfNet::network));
  }

  private static Layer network(Options o) {
    int hidden = o.integer("hidden");
    var pool = new MaxPool2d(3).stride(2).ceil(true);
    var lrn = new LocalResponseNorm(5, 5 * 1e-4, 0.75, 2);
    return new Sequential()
        .then("conv1", conv(o.channels(), 96, 7).stride(2).padding(1))
        .then("relu1", Activate.RELU)
        .then("pool1", pool)
        .then("norm1", lrn)
        .then("conv2", conv(96, 256, 5).stride(2))
        .then("relu2", Activate.RELU)
        .then("pool2", pool)
        .then("norm2", lrn)
        .then("conv3", conv(256, 384, 3).padding(1))
        .then("relu3", Activate.RELU)
        .then("conv4", conv(384, 384, 3).padding(1))
        .then("relu4", Activate.RELU)
        .then("conv5", conv(384, 256, 3).padding(1))
        .then("relu5", Activate.RELU)
        .then("pool5", new MaxPool2d(3).stride(2))
        .then("flatten", new Flatten())
        .then("fc6", linear(256 * side(o.height()) * side(o.width()), hidden))
        .then("relu6", Activate.RELU)
        .then("drop6", new Dropout(o.rate("dropout")))
        .then("fc7", linear(hidden, hidden))
        .then("relu7", Activate.RELU)
        .then("drop7", new Dropout(o.rate("dropout")))
        .then("fc8", linear(hidden, o.classes()));
  }

  /// A picture's side in front of the classifier: 224 → 110 → 55 → 26 → 13 → 6.
  private static int side(int picture) {
    int side = (picture - 5) / 2 + 1;
    side = Math.ceilDiv(side - 3, 2) + 1;
    side = (side - 5) / 2 + 1;
    side = Math.ceilDiv(side - 3, 2) + 1;
    return (side - 3) / 2 + 1;
  }

  private static Conv2d conv(int in, int out, int kernel) {
    return new Conv2d(in, out, kernel).init(new Normal(0, 0.01));
  }

  private static Linear linear(int in, int out) {
    return new Linear(in, out).init(new Normal(0, 0.01));
  }
}
