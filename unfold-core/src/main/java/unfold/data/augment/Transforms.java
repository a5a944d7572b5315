package unfold.data.augment;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import unfold.data.image.Picture;
import unfold.data.image.PictureShape;
import unfold.error.InputException;
import unfold.error.Nearest;
import unfold.random.Stream;

/// Transforms one after the other.
public record Transforms(List<Transform> list) {
  public static final Transforms NONE = new Transforms(List.of());

  private static final Pattern ONE =
      Pattern.compile("\\s*([a-z-]+)\\s*(?:\\(([^()]*)\\))?\\s*(,|$)");
  private static final String KNOWN =
      "resize(256), resize(32x48), centre-crop(224), random-resize(256,480),"
          + " random-crop(224), random-resized-crop(224), pad-crop(4), flip, rotate(10),"
          + " affine(10,0.1,0.1), colour-jitter(0.4,0.4,0.4), pca-colour(0.1), rand-augment(2,9),"
          + " erase(0.5), cutout(16)";

  private static final List<String> NAMES = List.of(KNOWN.split("(\\([^)]*\\))?, |\\([^)]*\\)$"));

  public Transforms {
    list = List.copyOf(list);
  }

  public static Transforms of(Transform... transforms) {
    return new Transforms(List.of(transforms));
  }

  /// Reads what [#toString] writes, such as `pad-crop(4),flip`; `none` or nothing is no transform.
  public static Transforms parse(String text) {
    if (text.isBlank() || text.strip().equals("none")) {
      return NONE;
    }
    List<Transform> list = new ArrayList<>();
    Matcher matcher = ONE.matcher(text);
    int at = 0;
    boolean more = true;
    while (more) {
      if (!matcher.find(at) || matcher.start() != at) {
        throw new InputException(
            "transforms '"
                + text
                + "': cannot read '"
                + text.substring(at)
                + "'; known are "
                + KNOWN);
      }
      String values = Optional.ofNullable(matcher.group(2)).orElse("");
      list.add(
          transform(
              new Arguments(
                  matcher.group(1),
                  values.isBlank() ? List.of() : List.of(values.strip().split("\\s*,\\s*", -1)))));
      more = ",".equals(matcher.group(3));
      at = matcher.end();
    }
    return new Transforms(list);
  }

  private static Transform transform(Arguments a) {
    return switch (a.name()) {
      case "resize" -> {
        a.count(1, 1);
        yield a.isSize(0) ? new Resize(a.height(0), a.width(0)) : new Resize(a.integer(0));
      }
      case "centre-crop" -> {
        a.count(1, 1);
        yield new CentreCrop(a.height(0), a.width(0));
      }
      case "random-resize" -> {
        a.count(2, 2);
        yield new RandomResize(a.integer(0), a.integer(1));
      }
      case "random-crop" -> {
        a.count(1, 1);
        yield new RandomCrop(a.height(0), a.width(0));
      }
      case "random-resized-crop" -> {
        a.count(1, 3);
        double least = a.values().size() > 1 ? a.real(1) : 0.08;
        double most = a.values().size() > 2 ? a.real(2) : 1;
        yield new RandomResizedCrop(a.height(0), a.width(0), least, most);
      }
      case "pad-crop" -> {
        a.count(1, 1);
        yield new PadCrop(a.integer(0));
      }
      case "flip" -> {
        a.count(0, 0);
        yield new Flip();
      }
      case "rotate" -> {
        a.count(1, 1);
        yield new Affine(a.real(0), 0, 0);
      }
      case "affine" -> {
        a.count(3, 3);
        yield new Affine(a.real(0), a.real(1), a.real(2));
      }
      case "colour-jitter" -> {
        a.count(3, 3);
        yield new ColourJitter(a.real(0), a.real(1), a.real(2));
      }
      case "pca-colour" -> {
        a.count(1, 1);
        yield new PcaColour(a.real(0));
      }
      case "rand-augment" -> {
        a.count(2, 2);
        yield new RandAugment(a.integer(0), a.integer(1));
      }
      case "erase" -> {
        a.count(1, 1);
        yield new Erase(a.real(0));
      }
      case "cutout" -> {
        a.count(1, 1);
        yield new Cutout(a.integer(0));
      }
      default ->
          throw new InputException(
              "unknown transform '"
                  + a.name()
                  + "'"
                  + Nearest.meant(a.name(), NAMES)
                  + "; known are "
                  + KNOWN);
    };
  }

  public boolean isEmpty() {
    return list.isEmpty();
  }

  /// The shape after all of them, as far as it is known from the shape before.
  public Optional<PictureShape> shape(Optional<PictureShape> in) {
    Optional<PictureShape> shape = in;
    for (Transform t : list) {
      shape = t.shape(shape);
    }
    return shape;
  }

  /// Applies all. Each draws from a stream of its own that depends on (seed, epoch, item) and its
  /// place in the list alone.
  public Picture apply(Picture picture, long seed, long epoch, int item) {
    Picture out = picture;
    for (int k = 0; k < list.size(); k++) {
      out = list.get(k).apply(out, Stream.of(seed, "data/augment/" + k, epoch << 32 | item));
    }
    return out;
  }

  /// As it is parsed: `pad-crop(4),flip`; nothing at all is `none`.
  @Override
  public String toString() {
    return list.isEmpty()
        ? "none"
        : list.stream().map(Transform::toString).collect(Collectors.joining(","));
  }
}
