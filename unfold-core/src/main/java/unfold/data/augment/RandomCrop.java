package unfold.data.augment;

import java.util.Optional;
import unfold.data.image.Crop;
import unfold.data.image.Picture;
import unfold.data.image.PictureShape;
import unfold.random.Stream;

/// A part of the picture in its own scale at a random place, `random-crop(224)` or
/// `random-crop(192x256)`; a smaller picture lies in the middle of a black margin.
///
/// @source Krizhevsky, Sutskever, Hinton: ImageNet classification with deep convolutional neural
///   networks (2012), section 4.1
public record RandomCrop(int height, int width) implements Transform {
  public RandomCrop {
    Arguments.requireSide("random-crop", height);
    Arguments.requireSide("random-crop", width);
  }

  public RandomCrop(int side) {
    this(side, side);
  }

  @Override
  public Optional<PictureShape> shape(Optional<PictureShape> in) {
    return Optional.of(new PictureShape(height, width, in.map(PictureShape::channels).orElse(3)));
  }

  @Override
  public Picture apply(Picture in, Stream random) {
    return Crop.of(
        in, begin(in.height(), height, random), begin(in.width(), width, random), height, width);
  }

  private static int begin(int in, int out, Stream random) {
    return out > in ? -((out - in) / 2) : random.nextInt(in - out + 1);
  }

  @Override
  public String toString() {
    return "random-crop(" + Arguments.size(height, width) + ")";
  }
}
