package unfold.data;

import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import unfold.data.fetch.Sha256;
import unfold.data.image.Picture;
import unfold.data.image.PictureShape;
import unfold.error.InputException;
import unfold.random.Stream;

/// Some pictures of another set.
final class Subset implements Dataset {
  private final Dataset whole;
  private final int[] items;
  private final String part;

  private Subset(Dataset whole, int[] items, String part) {
    this.whole = whole;
    this.items = items;
    this.part = part;
  }

  static Subset range(Dataset whole, int from, int to) {
    if (from < 0 || to > whole.size() || from >= to) {
      throw new InputException(
          whole.name()
              + " has pictures 0 to "
              + (whole.size() - 1)
              + ": "
              + from
              + " to "
              + (to - 1)
              + " is no part of it");
    }
    int[] items = new int[to - from];
    Arrays.setAll(items, k -> from + k);
    return new Subset(whole, items, from + ".." + (to - 1));
  }

  static Subset of(Dataset whole, int[] items) {
    if (items.length == 0) {
      throw new InputException(whole.name() + ": a part without pictures");
    }
    ByteBuffer bytes = ByteBuffer.allocate(items.length * Integer.BYTES);
    for (int item : items) {
      if (item < 0 || item >= whole.size()) {
        throw new InputException(
            whole.name() + " has pictures 0 to " + (whole.size() - 1) + ", but no picture " + item);
      }
      bytes.putInt(item);
    }
    String digest = Sha256.of(bytes.array()).substring(0, 16);
    return new Subset(whole, items, items.length + " chosen, " + digest);
  }

  /// The numbers 0 … size−1 in two ascending parts, chosen by `seed`: the second has n of them.
  static int[][] shuffledParts(int size, int n, long seed) {
    int[] order = Stream.of(seed, "data/split", 0).permutation(size);
    int[] kept = Arrays.copyOfRange(order, 0, size - n);
    int[] held = Arrays.copyOfRange(order, size - n, size);
    Arrays.sort(kept);
    Arrays.sort(held);
    return new int[][] {kept, held};
  }

  @Override
  public String name() {
    return whole.name() + " (" + items.length + " of its " + whole.size() + " pictures)";
  }

  @Override
  public int size() {
    return items.length;
  }

  @Override
  public List<String> classes() {
    return whole.classes();
  }

  @Override
  public int label(int i) {
    return whole.label(items[i]);
  }

  @Override
  public Optional<PictureShape> shape() {
    return whole.shape();
  }

  @Override
  public Picture picture(int i) {
    return whole.picture(items[Objects.checkIndex(i, items.length)]);
  }

  @Override
  public void read(int i, MemorySegment to, long offset) {
    whole.read(items[i], to, offset);
  }

  @Override
  public String source(int i) {
    return whole.source(items[i]);
  }

  @Override
  public String fingerprint() {
    return whole.fingerprint() + " [" + part + "]";
  }

  @Override
  public String toString() {
    return name();
  }
}
