package unfold.data.augment;

import unfold.data.image.Picture;
import unfold.error.InputException;
import unfold.random.Stream;

/// Changes the picture by `count` of fourteen ways chosen at random (one may come twice), each with
/// the strength that `magnitude` (0 to 30) means for it. Prints as `rand-augment(2,9)`.
///
/// With m = magnitude/30: shears by ±0.3m, shifts by ±150/331·m of the width or height, turns by
/// ±30m degrees, brightness, colour, contrast and sharpness by a factor 1 ± 0.9m, posterise to 8 −
/// ⌊4m⌉ bits, solarise from 255·(1 − m) on; the range of numbers spread, the histogram made even,
/// and nothing at all have no strength. Signs are random. Numbers in between pixels are taken from
/// the nearest pixel, what comes from outside is black.
///
/// @source Cubuk, Zoph, Shlens, Le: RandAugment: practical automated data augmentation with a
///   reduced search space (2019), section 3; strengths as in torchvision's RandAugment
public record RandAugment(int count, int magnitude) implements Transform {
  private static final int STRONGEST = 30;
  private static final Way[] WAYS = Way.values();

  /// What can happen to a picture.
  enum Way {
    NOTHING,
    SHEAR_X,
    SHEAR_Y,
    SHIFT_X,
    SHIFT_Y,
    ROTATE,
    BRIGHTNESS,
    COLOUR,
    CONTRAST,
    SHARPNESS,
    POSTERISE,
    SOLARISE,
    SPREAD,
    EQUALISE
  }

  public RandAugment {
    if (count < 1 || count > WAYS.length || magnitude < 0 || magnitude > STRONGEST) {
      throw new InputException(
          "rand-augment of "
              + count
              + " changes with magnitude "
              + magnitude
              + ": 1 to "
              + WAYS.length
              + " and 0 to "
              + STRONGEST
              + " can be");
    }
  }

  /// Two changes of magnitude 9.
  public RandAugment() {
    this(2, 9);
  }

  @Override
  public Picture apply(Picture in, Stream random) {
    Picture out = in;
    for (int k = 0; k < count; k++) {
      Way way = WAYS[random.nextInt(WAYS.length)];
      double sign = random.nextInt() < 0 ? -1 : 1;
      out = change(way, out, (double) magnitude / STRONGEST, sign);
    }
    return out;
  }

  /// One change.
  ///
  /// @param strength 0 to 1
  static Picture change(Way way, Picture in, double strength, double sign) {
    double factor = 1 + sign * 0.9 * strength;
    double shear = sign * 0.3 * strength;
    return switch (way) {
      case NOTHING -> in;
      case SHEAR_X -> moved(in, 1, shear, 0, 0, 1, 0);
      case SHEAR_Y -> moved(in, 1, 0, 0, shear, 1, 0);
      case SHIFT_X ->
          moved(in, 1, 0, -sign * Math.rint(150.0 / 331 * strength * in.width()), 0, 1, 0);
      case SHIFT_Y ->
          moved(in, 1, 0, 0, 0, 1, -sign * Math.rint(150.0 / 331 * strength * in.height()));
      case ROTATE -> rotated(in, sign * 30 * strength);
      case BRIGHTNESS -> Tones.towards(in, factor, 0);
      case COLOUR -> Tones.saturated(in, factor);
      case CONTRAST -> Tones.towards(in, factor, Math.floor(Tones.meanLuma(in) + 0.5));
      case SHARPNESS -> Tones.sharpened(in, factor);
      case POSTERISE -> Tones.posterised(in, 8 - (int) Math.rint(4 * strength));
      case SOLARISE -> Tones.solarised(in, 255 * (1 - strength));
      case SPREAD -> Tones.spread(in);
      case EQUALISE -> Tones.equalised(in);
    };
  }

  private static Picture rotated(Picture in, double degrees) {
    double angle = StrictMath.toRadians(degrees);
    double cos = StrictMath.cos(angle);
    double sin = StrictMath.sin(angle);
    return moved(in, cos, -sin, 0, sin, cos, 0);
  }

  /// The picture whose pixel (x, y), measured from the middle, is the old one's at (ax + by + c, dx
  /// + ey + f), rounded.
  private static Picture moved(
      Picture in, double a, double b, double c, double d, double e, double f) {
    int channels = in.channels();
    double middleX = (in.width() - 1) / 2.0;
    double middleY = (in.height() - 1) / 2.0;
    byte[] from = in.pixels();
    byte[] out = new byte[from.length];
    for (int row = 0, at = 0; row < in.height(); row++) {
      double y = row - middleY;
      for (int column = 0; column < in.width(); column++, at += channels) {
        double x = column - middleX;
        int left = (int) Math.rint(a * x + b * y + c + middleX);
        int top = (int) Math.rint(d * x + e * y + f + middleY);
        if (left >= 0 && left < in.width() && top >= 0 && top < in.height()) {
          System.arraycopy(from, (top * in.width() + left) * channels, out, at, channels);
        }
      }
    }
    return new Picture(in.shape(), out);
  }

  @Override
  public String toString() {
    return "rand-augment(" + count + "," + magnitude + ")";
  }
}
