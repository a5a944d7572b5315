package unfold.data.augment;

import java.util.Optional;
import unfold.data.image.Picture;
import unfold.data.image.PictureShape;
import unfold.random.Stream;

/// One change to a picture, perhaps a random one. Settings inside; the result depends on the
/// picture and the stream alone. Prints as [Transforms#parse] reads it: `pad-crop(4)`.
public sealed interface Transform
    permits Resize,
        CentreCrop,
        RandomResize,
        RandomCrop,
        RandomResizedCrop,
        PadCrop,
        Flip,
        Affine,
        ColourJitter,
        PcaColour,
        RandAugment,
        Erase,
        Cutout {
  /// The shape that comes out, as far as it is known from the shape that goes in.
  default Optional<PictureShape> shape(Optional<PictureShape> in) {
    return in;
  }

  /// A changed picture (or the same, if nothing changes); `in` stays as it is.
  Picture apply(Picture in, Stream random);
}
