package unfold.data.augment;

import unfold.data.image.Crop;
import unfold.data.image.Picture;
import unfold.error.InputException;
import unfold.random.Stream;

/// Surrounds the picture with `pad` black pixels on each side and cuts its old size out at a random
/// place: a shift by up to `pad` in each direction. Prints as `pad-crop(4)`.
///
/// @source He, Zhang, Ren, Sun: Deep residual learning for image recognition (2015), section 4.2
public record PadCrop(int pad) implements Transform {
  public PadCrop {
    if (pad < 0 || pad > 1024) {
      throw new InputException("pad-crop by " + pad + " pixels: 0 to 1024 can be");
    }
  }

  @Override
  public Picture apply(Picture in, Stream random) {
    int down = random.nextInt(2 * pad + 1) - pad;
    int right = random.nextInt(2 * pad + 1) - pad;
    return Crop.of(in, down, right, in.height(), in.width());
  }

  @Override
  public String toString() {
    return "pad-crop(" + pad + ")";
  }
}
