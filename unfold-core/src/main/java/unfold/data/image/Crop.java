package unfold.data.image;

import java.util.Arrays;

/// Cutting a rectangle out of a picture, and mirroring.
public final class Crop {
  private Crop() {}

  /// `height`×`width` pixels from (top, left) on; black where the picture does not reach.
  public static Picture of(Picture in, int top, int left, int height, int width) {
    return of(in, top, left, height, width, 0);
  }

  /// The same with another number for what lies outside.
  public static Picture of(Picture in, int top, int left, int height, int width, int outside) {
    if (top == 0 && left == 0 && height == in.height() && width == in.width()) {
      return in;
    }
    PictureShape shape = in.shape().size(height, width);
    byte[] out = new byte[shape.bytes()];
    if (outside != 0) {
      Arrays.fill(out, (byte) outside);
    }
    int channels = in.channels();
    int from = Math.max(0, left);
    int count = Math.min(in.width(), left + width) - from;
    if (count > 0) {
      for (int row = Math.max(0, top); row < Math.min(in.height(), top + height); row++) {
        System.arraycopy(
            in.pixels(),
            (row * in.width() + from) * channels,
            out,
            ((row - top) * width + from - left) * channels,
            count * channels);
      }
    }
    return new Picture(shape, out);
  }

  /// The middle of a picture; black where the picture is smaller. Of an odd rest, the smaller half
  /// is above and left.
  public static Picture centre(Picture in, int height, int width) {
    return of(in, begin(in.height(), height), begin(in.width(), width), height, width);
  }

  /// Left and right exchanged.
  public static Picture mirrored(Picture in) {
    int width = in.width();
    int channels = in.channels();
    byte[] from = in.pixels();
    byte[] out = new byte[from.length];
    for (int row = 0; row < in.height(); row++) {
      int begin = row * width * channels;
      int mirror = begin + (width - 1) * channels;
      for (int column = 0; column < width; column++) {
        for (int c = 0; c < channels; c++) {
          out[mirror - column * channels + c] = from[begin + column * channels + c];
        }
      }
    }
    return new Picture(in.shape(), out);
  }

  private static int begin(int in, int out) {
    return (in - out) / 2;
  }
}
