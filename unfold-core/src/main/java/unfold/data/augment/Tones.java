package unfold.data.augment;

import java.util.Arrays;
import unfold.data.image.Picture;

/// Changes to the numbers of a picture where they stand. All give what Pillow's `ImageOps` and
/// `ImageEnhance` of the same names give, bit for bit.
final class Tones {
  private Tones() {}

  /// factor·pixel + (1 − factor)·rest
  static Picture towards(Picture in, double factor, double rest) {
    byte[] out = in.pixels().clone();
    for (int i = 0; i < out.length; i++) {
      out[i] = blend(out[i] & 0xFF, factor, rest);
    }
    return new Picture(in.shape(), out);
  }

  /// Each pixel away from or towards its own grey; grey pictures stay as they are.
  static Picture saturated(Picture in, double factor) {
    if (in.channels() == 1) {
      return in;
    }
    byte[] grey = in.channels(1).pixels();
    byte[] out = in.pixels().clone();
    for (int i = 0; i < out.length; i++) {
      out[i] = blend(out[i] & 0xFF, factor, grey[i / 3] & 0xFF);
    }
    return new Picture(in.shape(), out);
  }

  static double meanLuma(Picture in) {
    byte[] grey = in.channels(1).pixels();
    double sum = 0;
    for (byte g : grey) {
      sum += g & 0xFF;
    }
    return sum / grey.length;
  }

  /// Away from or towards the picture smoothed by 3×3 weights of 1 around 5; the outermost pixels
  /// stay as they are.
  static Picture sharpened(Picture in, double factor) {
    int channels = in.channels();
    int line = in.width() * channels;
    byte[] from = in.pixels();
    byte[] out = from.clone();
    for (int row = 1; row < in.height() - 1; row++) {
      for (int i = row * line + channels; i < (row + 1) * line - channels; i++) {
        int sum = 4 * (from[i] & 0xFF);
        for (int k = i - line; k <= i + line; k += line) {
          sum += (from[k - channels] & 0xFF) + (from[k] & 0xFF) + (from[k + channels] & 0xFF);
        }
        out[i] = blend(from[i] & 0xFF, factor, (int) (sum / 13.0 + 0.5));
      }
    }
    return new Picture(in.shape(), out);
  }

  /// Only the highest `bits` of each number.
  static Picture posterised(Picture in, int bits) {
    int mask = 0xFF << (8 - bits);
    byte[] out = in.pixels().clone();
    for (int i = 0; i < out.length; i++) {
      out[i] = (byte) (out[i] & mask);
    }
    return new Picture(in.shape(), out);
  }

  /// Numbers from `threshold` on are turned around.
  static Picture solarised(Picture in, double threshold) {
    byte[] out = in.pixels().clone();
    for (int i = 0; i < out.length; i++) {
      int value = out[i] & 0xFF;
      out[i] = (byte) (value < threshold ? value : 255 - value);
    }
    return new Picture(in.shape(), out);
  }

  /// Each channel stretched so that its numbers go from 0 to 255.
  static Picture spread(Picture in) {
    int channels = in.channels();
    byte[] out = in.pixels().clone();
    for (int c = 0; c < channels; c++) {
      int low = 255;
      int high = 0;
      for (int i = c; i < out.length; i += channels) {
        low = Math.min(low, out[i] & 0xFF);
        high = Math.max(high, out[i] & 0xFF);
      }
      if (high <= low) {
        continue;
      }
      double scale = 255.0 / (high - low);
      double offset = -low * scale;
      for (int i = c; i < out.length; i += channels) {
        out[i] = (byte) Math.clamp((int) ((out[i] & 0xFF) * scale + offset), 0, 255);
      }
    }
    return new Picture(in.shape(), out);
  }

  /// Each channel mapped so that its histogram becomes as even as it can.
  static Picture equalised(Picture in) {
    int channels = in.channels();
    byte[] out = in.pixels().clone();
    int[] counts = new int[256];
    for (int c = 0; c < channels; c++) {
      Arrays.fill(counts, 0);
      for (int i = c; i < out.length; i += channels) {
        counts[out[i] & 0xFF]++;
      }
      int last = 255;
      while (last > 0 && counts[last] == 0) {
        last--;
      }
      int step = (out.length / channels - counts[last]) / 255;
      if (step == 0) {
        continue;
      }
      byte[] map = new byte[256];
      int sum = step / 2;
      for (int v = 0; v < 256; v++) {
        map[v] = (byte) Math.min(255, sum / step);
        sum += counts[v];
      }
      for (int i = c; i < out.length; i += channels) {
        out[i] = map[out[i] & 0xFF];
      }
    }
    return new Picture(in.shape(), out);
  }

  /// rest + factor·(pixel − rest) in single precision, cut off to whole numbers between 0 and 255,
  /// as Pillow's blend does.
  private static byte blend(int pixel, double factor, double rest) {
    float value = (float) rest + (float) factor * (float) (pixel - rest);
    return (byte) (value <= 0 ? 0 : value >= 255 ? 255 : (int) value);
  }
}
