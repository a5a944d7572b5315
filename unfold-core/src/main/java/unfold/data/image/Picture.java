package unfold.data.image;

import unfold.error.ShapeException;

/// A picture: 8-bit numbers, rows from the top, pixels from the left, channels innermost (H×W×C;
/// channels are red, green, blue, or one grey).
///
/// Holds its array without copying it. By convention nobody writes to the pixels of a picture that
/// somebody else may see; a transform makes a new one.
public final class Picture {
  private final PictureShape shape;
  private final byte[] pixels;

  public Picture(PictureShape shape, byte[] pixels) {
    if (pixels.length != shape.bytes()) {
      throw new ShapeException(
          "a picture "
              + shape
              + " needs "
              + shape.bytes()
              + " bytes, but "
              + pixels.length
              + " were given");
    }
    this.shape = shape;
    this.pixels = pixels;
  }

  public PictureShape shape() {
    return shape;
  }

  public int height() {
    return shape.height();
  }

  public int width() {
    return shape.width();
  }

  public int channels() {
    return shape.channels();
  }

  /// The array itself, H×W×C.
  public byte[] pixels() {
    return pixels;
  }

  /// The number at a row, column and channel: 0 … 255.
  public int get(int row, int column, int channel) {
    return pixels[(row * shape.width() + column) * shape.channels() + channel] & 0xFF;
  }

  /// The same picture with 1 or 3 channels. Colour becomes grey by luma, `L = 0.299 R + 0.587 G +
  /// 0.114 B` in 16-bit fixed point; grey becomes colour by repeating it.
  ///
  /// @source ITU-R BT.601-7, section 2.5.1
  public Picture channels(int count) {
    if (count == shape.channels()) {
      return this;
    }
    PictureShape wanted = shape.channels(count);
    byte[] out = new byte[wanted.bytes()];
    if (count == 3) {
      for (int i = 0, o = 0; i < pixels.length; i++, o += 3) {
        out[o] = pixels[i];
        out[o + 1] = pixels[i];
        out[o + 2] = pixels[i];
      }
    } else {
      for (int i = 0, o = 0; o < out.length; i += 3, o++) {
        out[o] = luma(pixels[i] & 0xFF, pixels[i + 1] & 0xFF, pixels[i + 2] & 0xFF);
      }
    }
    return new Picture(wanted, out);
  }

  private static byte luma(int red, int green, int blue) {
    return (byte) ((red * 19595 + green * 38470 + blue * 7471 + 0x8000) >> 16);
  }

  @Override
  public String toString() {
    return "picture " + shape;
  }
}
