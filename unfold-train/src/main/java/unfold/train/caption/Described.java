package unfold.train.caption;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import unfold.data.Dataset;
import unfold.data.Portrait;
import unfold.data.image.Picture;
import unfold.data.image.PictureShape;
import unfold.data.image.Resize;

/// Pictures of one shape in memory, with a sentence about each.
public final class Described {
  private final String name;
  private final String fingerprint;
  private final PictureShape shape;
  private final MemorySegment pixels;
  private final List<List<String>> sentences;

  private Described(Dataset from, PictureShape shape) {
    this.name = from.name();
    this.fingerprint = from.fingerprint() + " " + shape;
    this.shape = shape;
    this.pixels = Arena.ofAuto().allocate((long) from.size() * shape.bytes());
    var all = new ArrayList<List<String>>();
    for (int i = 0; i < from.size(); i++) {
      Picture picture = fit(from.picture(i), shape);
      MemorySegment.copy(
          picture.pixels(),
          0,
          pixels,
          ValueLayout.JAVA_BYTE,
          (long) i * shape.bytes(),
          shape.bytes());
      all.add(Portrait.of(picture).sentence(from.classes().get(from.label(i))));
    }
    this.sentences = List.copyOf(all);
  }

  /// Reads all pictures of a set.
  static Described of(Dataset set, PictureShape shape) {
    return new Described(set, shape);
  }

  /// As a network for this shape sees it.
  static Picture fit(Picture picture, PictureShape shape) {
    Picture same = picture.channels(shape.channels());
    return same.shape().equals(shape) ? same : Resize.to(same, shape.height(), shape.width());
  }

  public String name() {
    return name;
  }

  String fingerprint() {
    return fingerprint;
  }

  PictureShape shape() {
    return shape;
  }

  public int size() {
    return sentences.size();
  }

  /// The words about picture i.
  public List<String> sentence(int i) {
    return sentences.get(i);
  }

  /// Picture i, as a copy.
  public Picture picture(int i) {
    byte[] out = new byte[shape.bytes()];
    MemorySegment.copy(pixels, ValueLayout.JAVA_BYTE, (long) i * out.length, out, 0, out.length);
    return new Picture(shape, out);
  }

  /// Writes a picture, H×W×C, into a row of a batch.
  void read(int i, MemorySegment to, int row) {
    long bytes = shape.bytes();
    MemorySegment.copy(pixels, i * bytes, to, row * bytes, bytes);
  }

  /// Words of the longest sentence.
  int longest() {
    return IntStream.range(0, size()).map(i -> sentences.get(i).size()).max().orElse(0);
  }
}
