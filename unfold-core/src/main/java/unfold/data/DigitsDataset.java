package unfold.data;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicIntegerArray;
import unfold.data.digits.DigitPainter;
import unfold.data.image.Picture;
import unfold.data.image.PictureShape;

/// The built-in digits. A picture is drawn when it is first asked for and kept off-heap. Two
/// threads may draw the same one; they write the same bytes.
final class DigitsDataset implements Dataset {
  private static final PictureShape SHAPE =
      new PictureShape(DigitPainter.SIDE, DigitPainter.SIDE, 1);
  private static final int BYTES = SHAPE.bytes();
  private static final List<String> CLASSES =
      List.of("0", "1", "2", "3", "4", "5", "6", "7", "8", "9");

  private final String split;
  private final MemorySegment pixels;
  private final AtomicIntegerArray drawn;
  private final ThreadLocal<Brush> brush = ThreadLocal.withInitial(Brush::new);

  /// A painter and its canvas, one a thread.
  private static final class Brush {
    final DigitPainter painter = new DigitPainter();
    final byte[] canvas = new byte[BYTES];
  }

  DigitsDataset(String split, int size) {
    this.split = split;
    this.pixels = Arena.ofAuto().allocate((long) size * BYTES, 64);
    this.drawn = new AtomicIntegerArray(size);
  }

  @Override
  public String name() {
    return "digits " + split;
  }

  @Override
  public int size() {
    return drawn.length();
  }

  @Override
  public List<String> classes() {
    return CLASSES;
  }

  @Override
  public int label(int i) {
    return DigitPainter.label(Objects.checkIndex(i, size()));
  }

  @Override
  public Optional<PictureShape> shape() {
    return Optional.of(SHAPE);
  }

  @Override
  public Picture picture(int i) {
    byte[] out = new byte[BYTES];
    read(i, MemorySegment.ofArray(out), 0);
    return new Picture(SHAPE, out);
  }

  @Override
  public void read(int i, MemorySegment to, long offset) {
    long at = (long) i * BYTES;
    if (drawn.getAcquire(i) == 0) {
      Brush mine = brush.get();
      mine.painter.paint(split, i, mine.canvas);
      MemorySegment.copy(mine.canvas, 0, pixels, ValueLayout.JAVA_BYTE, at, BYTES);
      drawn.setRelease(i, 1);
    }
    MemorySegment.copy(pixels, at, to, offset, BYTES);
  }

  @Override
  public String fingerprint() {
    return "generated:unfold digits " + split + " v" + DigitPainter.VERSION + " " + size();
  }

  @Override
  public String toString() {
    return name();
  }
}
