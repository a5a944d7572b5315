package unfold.model;

import java.util.Collections;
import java.util.List;

/// How a picture becomes a network's input: its shorter side is scaled to `resize` (0: not), the
/// middle crop×crop is taken (0: all), and each channel is (x/255 − mean)/deviation.
public record Preprocessing(List<Double> mean, List<Double> deviation, int resize, int crop) {
  public Preprocessing {
    mean = List.copyOf(mean);
    deviation = List.copyOf(deviation);
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

  /// The same numbers for pictures as they come.
  public Preprocessing wholePicture() {
    return new Preprocessing(mean, deviation, 0, 0);
  }

  /// These numbers if they fit the number of channels, else 0.5 ± 0.5 for each.
  public Preprocessing forChannels(int channels) {
    return channels == mean.size()
        ? this
        : new Preprocessing(
            Collections.nCopies(channels, 0.5), Collections.nCopies(channels, 0.5), resize, crop);
  }
}
