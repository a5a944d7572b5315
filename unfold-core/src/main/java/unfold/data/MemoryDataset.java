package unfold.data;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Supplier;
import unfold.data.image.Picture;
import unfold.data.image.PictureShape;
import unfold.error.InputException;
import unfold.error.ShapeException;

/// Pictures of one shape that lie in memory one after the other: N×H×W×C. Reading one is a copy.
public final class MemoryDataset implements Dataset {
  private final String name;
  private final PictureShape shape;
  private final MemorySegment pixels;
  private final int[] labels;
  private final List<String> classes;
  private final Supplier<String> fingerprint;

  /// @param pixels u8, N×H×W×C; shared, not copied
  /// @param labels one a picture
  /// @param fingerprint as [Dataset#fingerprint], asked for only when needed
  public MemoryDataset(
      String name,
      PictureShape shape,
      MemorySegment pixels,
      int[] labels,
      List<String> classes,
      Supplier<String> fingerprint) {
    long bytes = Math.multiplyExact((long) labels.length, (long) shape.bytes());
    if (pixels.byteSize() != bytes) {
      throw new ShapeException(
          name
              + ": "
              + labels.length
              + " labels and pictures of "
              + shape
              + " need "
              + bytes
              + " bytes of pixels, but there are "
              + pixels.byteSize());
    }
    if (labels.length == 0) {
      throw new InputException(name + ": no pictures");
    }
    for (int i = 0; i < labels.length; i++) {
      if (labels[i] < 0 || labels[i] >= classes.size()) {
        throw new InputException(
            name
                + ": picture "
                + i
                + " has label "
                + labels[i]
                + ", but there are "
                + classes.size()
                + " classes (0 to "
                + (classes.size() - 1)
                + ")");
      }
    }
    this.name = name;
    this.shape = shape;
    this.pixels = pixels.asReadOnly();
    this.labels = labels.clone();
    this.classes = List.copyOf(classes);
    this.fingerprint = fingerprint;
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public int size() {
    return labels.length;
  }

  @Override
  public List<String> classes() {
    return classes;
  }

  @Override
  public int label(int i) {
    return labels[i];
  }

  @Override
  public Optional<PictureShape> shape() {
    return Optional.of(shape);
  }

  @Override
  public Picture picture(int i) {
    Objects.checkIndex(i, labels.length);
    byte[] out = new byte[shape.bytes()];
    MemorySegment.copy(pixels, ValueLayout.JAVA_BYTE, (long) i * out.length, out, 0, out.length);
    return new Picture(shape, out);
  }

  @Override
  public void read(int i, MemorySegment to, long offset) {
    int bytes = shape.bytes();
    MemorySegment.copy(pixels, (long) i * bytes, to, offset, bytes);
  }

  @Override
  public String fingerprint() {
    return fingerprint.get();
  }

  @Override
  public String toString() {
    return name;
  }
}
