package unfold.zoo.image;

import java.util.ArrayList;
import java.util.List;
import unfold.layer.Activate;
import unfold.layer.AdaptiveAveragePool2d;
import unfold.layer.BatchNorm;
import unfold.layer.Conv2d;
import unfold.layer.Dropout;
import unfold.layer.Fan;
import unfold.layer.Flatten;
import unfold.layer.He;
import unfold.layer.Layer;
import unfold.layer.Linear;
import unfold.layer.MaxPool2d;
import unfold.layer.Normal;
import unfold.layer.Sequential;
import unfold.model.Options;
import unfold.model.Preprocessing;
import unfold.model.Variant;
import unfold.zoo.Family;

/// VGG: nothing but 3×3 convolutions and 2×2 pools. Two of the former see 5×5 pixels and three 7×7,
/// with fewer parameters and more nonlinearities than one large kernel. Five stages, after each of
/// which the picture halves; then three linear layers with most of the parameters.
///
/// `_bn` has a batch norm after each convolution (not in the paper).
///
/// Option `dropout`: after the first two linear layers.
///
/// Names and initialisation are torchvision's.
///
/// @source Simonyan, Zisserman: Very deep convolutional networks for large-scale image recognition
///   (2015), table 1, columns A, B, D and E
public final class Vgg implements Family {
  private static final String PAPER =
      "Simonyan, Zisserman: Very deep convolutional networks for large-scale image recognition"
          + " (2015)";
  private static final Options IMAGENET = new Options(1000, 3, 224).with("dropout", 0.5);
  private static final List<Integer> WIDTHS = List.of(64, 128, 256, 512, 512);

  @Override
  public List<Variant> variants() {
    var all = new ArrayList<Variant>();
    for (boolean norm : List.of(false, true)) {
      String end = norm ? "_bn" : "";
      all.add(variant("vgg11" + end, norm, 1, 1, 2, 2, 2));
      all.add(variant("vgg13" + end, norm, 2, 2, 2, 2, 2));
      all.add(variant("vgg16" + end, norm, 2, 2, 3, 3, 3));
      all.add(variant("vgg19" + end, norm, 2, 2, 4, 4, 4));
    }
    return List.copyOf(all);
  }

  private static Variant variant(String name, boolean norm, Integer... convolutions) {
    String source = norm ? PAPER + ", with batch norm" : PAPER;
    return new Variant(
        name,
        IMAGENET,
        Preprocessing.IMAGENET,
        source,
        o -> network(o, List.of(convolutions), norm));
  }

  /// @param convolutions of each stage
  private static Layer network(Options o, List<Integer> convolutions, boolean norm) {
    return new Sequential()
        .then("features", features(o.channels(), convolutions, norm))
        .then("avgpool", new AdaptiveAveragePool2d(7))
        .then("flatten", new Flatten())
        .then(
            "classifier",
            Sequential.of(
                linear(512 * 7 * 7, 4096),
                Activate.RELU,
                new Dropout(o.rate("dropout")),
                linear(4096, 4096),
                Activate.RELU,
                new Dropout(o.rate("dropout")),
                linear(4096, o.classes())));
  }

  private static Layer features(int channels, List<Integer> convolutions, boolean norm) {
    var features = new Sequential();
    int in = channels;
    for (int stage = 0; stage < WIDTHS.size(); stage++) {
      int out = WIDTHS.get(stage);
      for (int i = 0; i < convolutions.get(stage); i++) {
        features = features.then(new Conv2d(in, out, 3).padding(1).init(He.normal().fan(Fan.OUT)));
        features = norm ? features.then(new BatchNorm(out)) : features;
        features = features.then(Activate.RELU);
        in = out;
      }
      features = features.then(new MaxPool2d(2));
    }
    return features;
  }

  private static Layer linear(int in, int out) {
    return new Linear(in, out).init(new Normal(0, 0.01));
  }
}
