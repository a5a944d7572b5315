package unfold.data;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;
import java.util.Optional;
import unfold.data.image.Picture;
import unfold.data.image.PictureShape;
import unfold.error.InputException;
import unfold.error.ShapeException;

/// Labelled pictures by number. Immutable and safe to read from several threads; a picture is read,
/// decoded or drawn when it is asked for.
///
/// An own data set implements the seven abstract methods; everything else follows.
public interface Dataset {
  /// A short name for people, such as `mnist train`.
  String name();

  /// How many pictures there are.
  int size();

  /// The names of the classes; label k means the k-th.
  List<String> classes();

  /// The class of picture i: 0 … classes−1.
  int label(int i);

  /// The shape of every picture, if all have the same.
  Optional<PictureShape> shape();

  /// Picture i in its own size and channels. Its pixels may be shared: read only.
  Picture picture(int i);

  /// Says what the contents are, for a run's record: `sha256:` and the digest of the files'
  /// contents, or the name and version of a generator. Equal text means equal pictures and labels.
  String fingerprint();

  /// Where picture i comes from, for messages.
  default String source(int i) {
    return name() + " picture " + i;
  }

  /// Writes picture i, H×W×C, to `to` at a byte offset, without allocating where the set can. Only
  /// for sets whose pictures all have one shape.
  default void read(int i, MemorySegment to, long offset) {
    PictureShape fixed =
        shape().orElseThrow(() -> new ShapeException(name() + ": pictures differ in shape"));
    MemorySegment.copy(picture(i).pixels(), 0, to, ValueLayout.JAVA_BYTE, offset, fixed.bytes());
  }

  /// Pictures `from` … `to`−1 as a set of their own.
  default Dataset subset(int from, int to) {
    return Subset.range(this, from, to);
  }

  /// The named pictures, in the given order, as a set of their own.
  default Dataset subset(int[] items) {
    return Subset.of(this, items.clone());
  }

  /// All but the last n pictures for training, the last n held out.
  default Splits splitLast(int n) {
    if (n < 1 || n >= size()) {
      throw new InputException(
          name()
              + " has "
              + size()
              + " pictures: holding out the last "
              + n
              + " leaves nothing on one side");
    }
    return Splits.of(subset(0, size() - n)).validation(subset(size() - n, size()));
  }

  /// Holds out a random part: `fraction` of the pictures, rounded, chosen by `seed` alone.
  default Splits splitFraction(double fraction, long seed) {
    int n = (int) Math.rint(size() * fraction);
    if (!(fraction > 0 && fraction < 1) || n < 1 || n >= size()) {
      throw new InputException(
          name()
              + " has "
              + size()
              + " pictures: holding out a fraction of "
              + fraction
              + " leaves nothing on one side");
    }
    int[][] parts = Subset.shuffledParts(size(), n, seed);
    return Splits.of(Subset.of(this, parts[0])).validation(Subset.of(this, parts[1]));
  }

  /// The same set, which keeps each picture once it was read, up to a total of `maxBytes` on the
  /// heap (the first to come stay): worth it where decoding is dear and the set is small.
  default Dataset cached(long maxBytes) {
    return new CachedDataset(this, maxBytes);
  }
}
