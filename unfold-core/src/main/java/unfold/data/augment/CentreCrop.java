package unfold.data.augment;

import java.util.Optional;
import unfold.data.image.Crop;
import unfold.data.image.Picture;
import unfold.data.image.PictureShape;
import unfold.random.Stream;

/// The middle of the picture, `centre-crop(224)` or `centre-crop(192x256)` (height x width); a
/// smaller picture gets a black margin.
public record CentreCrop(int height, int width) implements Transform {
  public CentreCrop {
    Arguments.requireSide("centre-crop", height);
    Arguments.requireSide("centre-crop", width);
  }

  public CentreCrop(int side) {
    this(side, side);
  }

  @Override
  public Optional<PictureShape> shape(Optional<PictureShape> in) {
    return Optional.of(new PictureShape(height, width, in.map(PictureShape::channels).orElse(3)));
  }

  @Override
  public Picture apply(Picture in, Stream random) {
    return Crop.centre(in, height, width);
  }

  @Override
  public String toString() {
    return "centre-crop(" + Arguments.size(height, width) + ")";
  }
}
