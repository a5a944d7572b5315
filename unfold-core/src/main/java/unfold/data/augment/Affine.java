package unfold.data.augment;

import unfold.data.image.Picture;
import unfold.error.InputException;
import unfold.random.Stream;

/// Turns, moves and scales the picture by random amounts around its middle; numbers in between
/// pixels are interpolated bilinearly, what comes from outside is black. Prints as
/// `affine(10,0.1,0.2)`; `rotate(10)` is read as `affine(10,0,0)`.
///
/// @param degrees turned by up to this, either way
/// @param shift moved by up to this fraction of height and of width
/// @param scale made larger or smaller by up to this fraction
public record Affine(double degrees, double shift, double scale) implements Transform {
  public Affine {
    if (!(degrees >= 0 && degrees <= 180 && shift >= 0 && shift <= 1 && scale >= 0 && scale < 1)) {
      throw new InputException(
          "affine by "
              + degrees
              + " degrees, shift "
              + shift
              + ", scale "
              + scale
              + ": 0 to 180, 0 to 1 and 0 to below 1 can be");
    }
  }

  @Override
  public Picture apply(Picture in, Stream random) {
    double angle = Math.toRadians(random.uniform(-degrees, degrees));
    double down = in.height() * random.uniform(-shift, shift);
    double right = in.width() * random.uniform(-shift, shift);
    double size = 1 + random.uniform(-scale, scale);
    double cos = StrictMath.cos(angle) / size;
    double sin = StrictMath.sin(angle) / size;
    double middleRow = (in.height() - 1) / 2.0;
    double middleColumn = (in.width() - 1) / 2.0;
    byte[] out = new byte[in.pixels().length];
    for (int row = 0, at = 0; row < in.height(); row++) {
      for (int column = 0; column < in.width(); column++, at += in.channels()) {
        double y = row - middleRow - down;
        double x = column - middleColumn - right;
        sample(in, middleRow - sin * x + cos * y, middleColumn + cos * x + sin * y, out, at);
      }
    }
    return new Picture(in.shape(), out);
  }

  /// All channels at a place between pixels.
  private static void sample(Picture in, double row, double column, byte[] out, int at) {
    int top = (int) Math.floor(row);
    int left = (int) Math.floor(column);
    double low = row - top;
    double right = column - left;
    for (int c = 0; c < in.channels(); c++) {
      double upper = (1 - right) * get(in, top, left, c) + right * get(in, top, left + 1, c);
      double lower =
          (1 - right) * get(in, top + 1, left, c) + right * get(in, top + 1, left + 1, c);
      out[at + c] = (byte) Math.rint((1 - low) * upper + low * lower);
    }
  }

  private static int get(Picture in, int row, int column, int channel) {
    boolean inside = row >= 0 && row < in.height() && column >= 0 && column < in.width();
    return inside ? in.get(row, column, channel) : 0;
  }

  @Override
  public String toString() {
    return "affine("
        + Arguments.number(degrees)
        + ","
        + Arguments.number(shift)
        + ","
        + Arguments.number(scale)
        + ")";
  }
}
