package unfold.data.image;

import java.nio.ByteOrder;
import unfold.error.FormatException;

/// Which way up a camera was held, as EXIF has it: 1 is upright, 2 mirrored, 3 upside down, 4
/// upside down and mirrored, 5 … 8 lie on a side.
///
/// @source CIPA DC-008 (Exif 2.32), section 4.6.4, tag 274
final class Orientation {
  private static final int TAG = 0x0112;
  private static final int UPRIGHT = 1;

  private Orientation() {}

  /// The orientation in a TIFF block; a block that makes no sense counts as upright, as it holds
  /// nothing else that we need.
  static int of(ByteInput tiff) {
    try {
      if (tiff.has(0, "II*\0")) {
        tiff.order(ByteOrder.LITTLE_ENDIAN);
      } else if (!tiff.has(0, "MM\0*")) {
        return UPRIGHT;
      }
      int directory = Math.toIntExact(tiff.u32(4));
      int entries = tiff.u16(directory);
      for (int k = 0; k < entries; k++) {
        int entry = directory + 2 + 12 * k;
        if (tiff.u16(entry) == TAG) {
          int value = tiff.u16(entry + 8);
          return value >= 1 && value <= 8 ? value : UPRIGHT;
        }
      }
    } catch (FormatException | ArithmeticException _) {
      return UPRIGHT;
    }
    return UPRIGHT;
  }

  /// The picture turned upright.
  static Picture upright(Picture in, int orientation) {
    if (orientation == UPRIGHT) {
      return in;
    }
    boolean turned = orientation >= 5;
    int height = turned ? in.width() : in.height();
    int width = turned ? in.height() : in.width();
    boolean fromBottom =
        orientation == 3 || orientation == 4 || orientation == 6 || orientation == 7;
    boolean fromRight =
        orientation == 2 || orientation == 3 || orientation == 7 || orientation == 8;
    int channels = in.channels();
    byte[] from = in.pixels();
    byte[] out = new byte[from.length];
    int at = 0;
    for (int row = 0; row < height; row++) {
      for (int column = 0; column < width; column++) {
        int r = turned ? column : row;
        int c = turned ? row : column;
        r = fromBottom ? in.height() - 1 - r : r;
        c = fromRight ? in.width() - 1 - c : c;
        int source = (r * in.width() + c) * channels;
        for (int k = 0; k < channels; k++) {
          out[at++] = from[source + k];
        }
      }
    }
    return new Picture(new PictureShape(height, width, channels), out);
  }
}
