package unfold.data.augment;

import unfold.data.image.Picture;
import unfold.error.InputException;
import unfold.random.Stream;

/// Changes brightness, contrast and saturation, in random order, each by a factor between 1 − its
/// strength (not below 0) and 1 + it: `out = factor · pixel + (1 − factor) · rest`, where rest is
/// black for brightness, the picture's mean grey for contrast, and the pixel's own grey for
/// saturation. Grey pictures have no saturation. Prints as `colour-jitter(0.4,0.4,0.4)`.
///
/// @source Howard: Some improvements on deep convolutional neural network based image
///   classification (2013), section 2.2
public record ColourJitter(double brightness, double contrast, double saturation)
    implements Transform {
  /// The orders of 0 brightness, 1 contrast, 2 saturation.
  private static final int[][] ORDERS = {
    {0, 1, 2}, {0, 2, 1}, {1, 0, 2}, {1, 2, 0}, {2, 0, 1}, {2, 1, 0}
  };

  public ColourJitter {
    if (!(brightness >= 0 && contrast >= 0 && saturation >= 0)) {
      throw new InputException(
          "colour-jitter with strengths "
              + brightness
              + ", "
              + contrast
              + ", "
              + saturation
              + ": none can be negative");
    }
  }

  @Override
  public Picture apply(Picture in, Stream random) {
    int[] order = ORDERS[random.nextInt(ORDERS.length)];
    double[] factor = {
      factor(brightness, random), factor(contrast, random), factor(saturation, random)
    };
    byte[] pixels = in.pixels().clone();
    for (int what : order) {
      switch (what) {
        case 0 -> towards(pixels, factor[0], 0);
        case 1 -> towards(pixels, factor[1], meanGrey(pixels, in.channels()));
        default -> saturate(pixels, factor[2], in.channels());
      }
    }
    return new Picture(in.shape(), pixels);
  }

  private static double factor(double strength, Stream random) {
    return random.uniform(Math.max(0, 1 - strength), 1 + strength);
  }

  private static void towards(byte[] pixels, double factor, double rest) {
    for (int i = 0; i < pixels.length; i++) {
      pixels[i] = mix(pixels[i], factor, rest);
    }
  }

  private static void saturate(byte[] pixels, double factor, int channels) {
    if (channels == 1) {
      return;
    }
    for (int i = 0; i < pixels.length; i += 3) {
      double grey = grey(pixels, i);
      for (int c = 0; c < 3; c++) {
        pixels[i + c] = mix(pixels[i + c], factor, grey);
      }
    }
  }

  private static double meanGrey(byte[] pixels, int channels) {
    double sum = 0;
    for (int i = 0; i < pixels.length; i += channels) {
      sum += channels == 1 ? pixels[i] & 0xFF : grey(pixels, i);
    }
    return sum * channels / pixels.length;
  }

  /// Luma, ITU-R BT.601.
  private static double grey(byte[] pixels, int at) {
    return 0.299 * (pixels[at] & 0xFF)
        + 0.587 * (pixels[at + 1] & 0xFF)
        + 0.114 * (pixels[at + 2] & 0xFF);
  }

  private static byte mix(byte pixel, double factor, double rest) {
    return (byte) Math.clamp(Math.rint(factor * (pixel & 0xFF) + (1 - factor) * rest), 0, 255);
  }

  @Override
  public String toString() {
    return "colour-jitter("
        + Arguments.number(brightness)
        + ","
        + Arguments.number(contrast)
        + ","
        + Arguments.number(saturation)
        + ")";
  }
}
