package unfold.data.augment;

import java.util.Optional;
import unfold.data.image.Picture;
import unfold.data.image.PictureShape;
import unfold.random.Stream;

/// Bilinear resizing without aliasing: `resize(256)` brings the shorter side to 256 and keeps the
/// proportion, `resize(32x48)` makes 32 rows and 48 columns of any picture.
///
/// @param width 0 to bring the shorter side to `height`
public record Resize(int height, int width) implements Transform {
  public Resize {
    Arguments.requireSide("resize", height);
    if (width != 0) {
      Arguments.requireSide("resize", width);
    }
  }

  public Resize(int shorterSide) {
    this(shorterSide, 0);
  }

  /// With one side given, the other depends on the picture, unless all pictures have one shape.
  @Override
  public Optional<PictureShape> shape(Optional<PictureShape> in) {
    if (width != 0) {
      return Optional.of(new PictureShape(height, width, in.map(PictureShape::channels).orElse(3)));
    }
    return in.map(s -> unfold.data.image.Resize.shorterSide(s, height));
  }

  @Override
  public Picture apply(Picture in, Stream random) {
    PictureShape out =
        width != 0
            ? in.shape().size(height, width)
            : unfold.data.image.Resize.shorterSide(in.shape(), height);
    return unfold.data.image.Resize.to(in, out.height(), out.width());
  }

  @Override
  public String toString() {
    return width == 0 ? "resize(" + height + ")" : "resize(" + height + "x" + width + ")";
  }
}
