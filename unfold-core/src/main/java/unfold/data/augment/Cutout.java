package unfold.data.augment;

import java.util.Arrays;
import unfold.data.image.Picture;
import unfold.random.Stream;

/// Blackens a square whose centre is a random pixel; what lies outside of the picture is lost.
/// Prints as `cutout(16)`.
///
/// @source DeVries, Taylor: Improved regularization of convolutional neural networks with cutout
///   (2017), section 3.2
public record Cutout(int side) implements Transform {
  public Cutout {
    Arguments.requireSide("cutout", side);
  }

  @Override
  public Picture apply(Picture in, Stream random) {
    int top = random.nextInt(in.height()) - side / 2;
    int left = random.nextInt(in.width()) - side / 2;
    int firstColumn = Math.max(0, left);
    int lastColumn = Math.min(in.width(), left + side);
    byte[] pixels = in.pixels().clone();
    for (int row = Math.max(0, top); row < Math.min(in.height(), top + side); row++) {
      int begin = row * in.width();
      Arrays.fill(
          pixels,
          (begin + firstColumn) * in.channels(),
          (begin + lastColumn) * in.channels(),
          (byte) 0);
    }
    return new Picture(in.shape(), pixels);
  }

  @Override
  public String toString() {
    return "cutout(" + side + ")";
  }
}
