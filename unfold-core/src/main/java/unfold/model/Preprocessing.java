package unfold.model;

import java.util.Collections;
import java.util.List;
import unfold.error.Nearest;

/// How a picture becomes a network's input: its shorter side is scaled to `resize` (0: not), the
/// middle crop×crop is taken (0: all), and each channel is (x/255 − mean)/deviation.
///
/// @param bgr whether the network then takes blue first and red last, as Caffe's do; mean and
///   deviation are of red, green, blue all the same
public record Preprocessing(
    List<Double> mean, List<Double> deviation, int resize, int crop, boolean bgr) {
  public Preprocessing {
    mean = List.copyOf(mean);
    deviation = List.copyOf(deviation);
  }

  /// Red first.
  public Preprocessing(List<Double> mean, List<Double> deviation, int resize, int crop) {
    this(mean, deviation, resize, crop, false);
  }

  /// Means and deviations of ImageNet's training pictures, in RGB.
  ///
  /// @source torchvision's reference weights
  public static final Preprocessing IMAGENET =
      new Preprocessing(List.of(0.485, 0.456, 0.406), List.of(0.229, 0.224, 0.225), 256, 224);

  /// Means and deviations of MNIST's training pictures.
  ///
  /// @source computed over the 60,000 pictures; the figures everybody uses
  public static final Preprocessing MNIST =
      new Preprocessing(List.of(0.1307), List.of(0.3081), 0, 0);

  /// From −1 to 1, as TensorFlow's MobileNets, Inceptions and NASNets take it.
  public static final Preprocessing TENSORFLOW =
      new Preprocessing(Collections.nCopies(3, 0.5), Collections.nCopies(3, 0.5), 256, 224);

  /// From 0 to 1, as Darknet takes it.
  public static final Preprocessing UNIT =
      new Preprocessing(Collections.nCopies(3, 0.0), Collections.nCopies(3, 1.0), 256, 224);

  /// Bytes minus the mean picture's channels (blue 104, green 117, red 123), blue first.
  ///
  /// @source BVLC's reference models
  public static final Preprocessing CAFFE =
      new Preprocessing(
          List.of(123 / 255.0, 117 / 255.0, 104 / 255.0),
          Collections.nCopies(3, 1 / 255.0),
          256,
          224,
          true);

  /// The numbers that a family of published weights goes with: `torchvision`, `tf`, `unit`,
  /// `caffe`.
  public static Preprocessing named(String name) {
    return switch (name) {
      case "torchvision" -> IMAGENET;
      case "tf" -> TENSORFLOW;
      case "unit" -> UNIT;
      case "caffe" -> CAFFE;
      default ->
          throw Nearest.none("preprocessing", name, List.of("torchvision", "tf", "unit", "caffe"));
    };
  }

  /// These numbers and order of colours, with the size and crop of another.
  public Preprocessing sized(Preprocessing other) {
    return new Preprocessing(mean, deviation, other.resize, other.crop, bgr);
  }

  /// The same numbers for a middle crop of this size, which keeps 7/8 of the shorter side (224 of
  /// 256).
  public Preprocessing crop(int size) {
    return new Preprocessing(mean, deviation, Math.ceilDiv(8 * size, 7), size, bgr);
  }

  /// The same numbers for pictures as they come.
  public Preprocessing wholePicture() {
    return new Preprocessing(mean, deviation, 0, 0, bgr);
  }

  /// These numbers if they fit the number of channels, else 0.5 ± 0.5 for each.
  public Preprocessing forChannels(int channels) {
    return channels == mean.size()
        ? this
        : new Preprocessing(
            Collections.nCopies(channels, 0.5), Collections.nCopies(channels, 0.5), resize, crop);
  }
}
