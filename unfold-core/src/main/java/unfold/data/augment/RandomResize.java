package unfold.data.augment;

import java.util.Optional;
import unfold.data.image.Picture;
import unfold.data.image.PictureShape;
import unfold.data.image.Resize;
import unfold.error.InputException;
import unfold.random.Stream;

/// Brings the shorter side to a random length (whole pixels, uniform) and keeps the proportion.
/// Prints as `random-resize(256,480)`.
///
/// @source Simonyan, Zisserman: Very deep convolutional networks (2015), section 3.1, "scale
///   jittering"
public record RandomResize(int least, int greatest) implements Transform {
  public RandomResize {
    Arguments.requireSide("random-resize", least);
    Arguments.requireSide("random-resize", greatest);
    if (greatest < least) {
      throw new InputException(
          "random-resize from " + least + " to " + greatest + " pixels: the least comes first");
    }
  }

  @Override
  public Optional<PictureShape> shape(Optional<PictureShape> in) {
    return least == greatest ? in.map(s -> Resize.shorterSide(s, least)) : Optional.empty();
  }

  @Override
  public Picture apply(Picture in, Stream random) {
    int side = least + random.nextInt(greatest - least + 1);
    PictureShape out = Resize.shorterSide(in.shape(), side);
    return Resize.to(in, out.height(), out.width());
  }

  @Override
  public String toString() {
    return "random-resize(" + least + "," + greatest + ")";
  }
}
