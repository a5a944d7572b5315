package unfold.data;

import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import unfold.data.image.Crop;
import unfold.data.image.Picture;
import unfold.data.image.PictureShape;
import unfold.data.image.Resize;
import unfold.error.InputException;

/// Ten views of each picture of a set, one after the other: its shorter side is scaled to `scale`;
/// then the four corners and the middle are cut out, and then the same five mirrored. The mean of a
/// network's ten answers is better than one.
///
/// Item 10·i + v is view v of picture i.
///
/// @source Krizhevsky, Sutskever, Hinton: ImageNet classification with deep convolutional neural
///   networks (2012), section 4.1
public final class TenCrop implements Dataset {
  public static final int VIEWS = 10;

  private final Dataset source;
  private final int scale;
  private final int height;
  private final int width;

  /// The picture scaled last: its ten views are asked for in a row.
  private volatile Scaled last = new Scaled(-1, Optional.empty());

  private record Scaled(int item, Optional<Picture> picture) {}

  /// @param scale of the shorter side, at least as long as the views
  public TenCrop(Dataset source, int scale, int height, int width) {
    if (scale < height || scale < width) {
      throw new InputException(
          "views of " + height + "×" + width + " cannot be cut from pictures of " + scale);
    }
    this.source = source;
    this.scale = scale;
    this.height = height;
    this.width = width;
  }

  /// The views of one picture.
  public static List<Picture> views(Picture picture, int scale, int height, int width) {
    Picture scaled = scaled(picture, scale);
    return IntStream.range(0, VIEWS).mapToObj(v -> view(scaled, v, height, width)).toList();
  }

  private static Picture scaled(Picture picture, int scale) {
    PictureShape shape = Resize.shorterSide(picture.shape(), scale);
    return Resize.to(picture, shape.height(), shape.width());
  }

  private static Picture view(Picture scaled, int v, int height, int width) {
    int bottom = scaled.height() - height;
    int right = scaled.width() - width;
    Picture cut =
        switch (v % 5) {
          case 0 -> Crop.of(scaled, 0, 0, height, width);
          case 1 -> Crop.of(scaled, 0, right, height, width);
          case 2 -> Crop.of(scaled, bottom, 0, height, width);
          case 3 -> Crop.of(scaled, bottom, right, height, width);
          default -> Crop.centre(scaled, height, width);
        };
    return v < 5 ? cut : Crop.mirrored(cut);
  }

  @Override
  public String name() {
    return source.name();
  }

  @Override
  public int size() {
    return Math.multiplyExact(source.size(), VIEWS);
  }

  @Override
  public List<String> classes() {
    return source.classes();
  }

  @Override
  public int label(int i) {
    return source.label(i / VIEWS);
  }

  /// Known where the channels are.
  @Override
  public Optional<PictureShape> shape() {
    return source.shape().map(s -> s.size(height, width));
  }

  @Override
  public Picture picture(int i) {
    int item = i / VIEWS;
    Scaled known = last;
    Picture scaled =
        known.item() == item ? known.picture().orElseThrow() : scaled(source.picture(item), scale);
    last = new Scaled(item, Optional.of(scaled));
    return view(scaled, i % VIEWS, height, width);
  }

  @Override
  public String fingerprint() {
    return source.fingerprint() + " ten-crop(" + scale + "," + height + "x" + width + ")";
  }

  @Override
  public String source(int i) {
    return source.source(i / VIEWS);
  }

  @Override
  public String toString() {
    return name();
  }
}
