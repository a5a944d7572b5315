package unfold.data.augment;

import java.util.Optional;
import unfold.data.image.Picture;
import unfold.data.image.PictureShape;
import unfold.data.image.Resize;
import unfold.error.InputException;
import unfold.random.Stream;

/// A random part of the picture, resized: its area is a random fraction of the whole, its
/// proportion between 3:4 and 4:3 (uniform in the logarithm), its place random. If ten tries do not
/// fit, the middle in the nearest proportion is taken. Prints as `random-resized-crop(224,0.08,1)`.
///
/// @param minArea the least fraction of the area, above 0
/// @param maxArea the greatest, at most 1
/// @source Szegedy et al.: Going deeper with convolutions (2014), section 6
public record RandomResizedCrop(int height, int width, double minArea, double maxArea)
    implements Transform {
  private static final double MIN_RATIO = 3.0 / 4;
  private static final double MAX_RATIO = 4.0 / 3;
  private static final int TRIES = 10;

  public RandomResizedCrop {
    Arguments.requireSide("random-resized-crop", height);
    Arguments.requireSide("random-resized-crop", width);
    if (!(minArea > 0 && minArea <= maxArea && maxArea <= 1)) {
      throw new InputException(
          "random-resized-crop of "
              + minArea
              + " to "
              + maxArea
              + " of the area: it must hold 0 < least <= greatest <= 1");
    }
  }

  /// Square, 0.08 to 1 of the area, as for training on ImageNet.
  public RandomResizedCrop(int side) {
    this(side, side, 0.08, 1);
  }

  @Override
  public Optional<PictureShape> shape(Optional<PictureShape> in) {
    return Optional.of(new PictureShape(height, width, in.map(PictureShape::channels).orElse(3)));
  }

  @Override
  public Picture apply(Picture in, Stream random) {
    double area = (double) in.height() * in.width();
    for (int k = 0; k < TRIES; k++) {
      double part = area * random.uniform(minArea, maxArea);
      double ratio =
          StrictMath.exp(random.uniform(StrictMath.log(MIN_RATIO), StrictMath.log(MAX_RATIO)));
      int columns = (int) Math.rint(Math.sqrt(part * ratio));
      int rows = (int) Math.rint(Math.sqrt(part / ratio));
      if (columns > 0 && columns <= in.width() && rows > 0 && rows <= in.height()) {
        int top = random.nextInt(in.height() - rows + 1);
        int left = random.nextInt(in.width() - columns + 1);
        return Resize.crop(in, top, left, rows, columns, height, width);
      }
    }
    double ratio = (double) in.width() / in.height();
    int columns = ratio <= MAX_RATIO ? in.width() : (int) Math.rint(in.height() * MAX_RATIO);
    int rows = ratio >= MIN_RATIO ? in.height() : (int) Math.rint(in.width() / MIN_RATIO);
    return Resize.crop(
        in, (in.height() - rows) / 2, (in.width() - columns) / 2, rows, columns, height, width);
  }

  @Override
  public String toString() {
    return "random-resized-crop("
        + Arguments.size(height, width)
        + ","
        + Arguments.number(minArea)
        + ","
        + Arguments.number(maxArea)
        + ")";
  }
}
