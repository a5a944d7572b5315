package unfold.data.augment;

import unfold.data.image.Picture;
import unfold.random.Stream;

/// Mirrors left and right with probability ½.
public record Flip() implements Transform {
  @Override
  public Picture apply(Picture in, Stream random) {
    return random.nextInt() < 0 ? mirrored(in) : in;
  }

  static Picture mirrored(Picture in) {
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

  @Override
  public String toString() {
    return "flip";
  }
}
