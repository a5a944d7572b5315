package unfold.data;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Optional;
import unfold.data.image.PictureShape;
import unfold.tensor.DType;
import unfold.tensor.Tensor;
import unfold.tensor.TensorType;

/// Some pictures with their labels, in memory of a [Loader]'s ring.
///
/// It belongs to the consumer from [Loader#next] until [#release]; then the loader fills it anew,
/// so nobody may read or keep its tensors after that.
public final class Batch {
  private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED;
  private static final ValueLayout.OfFloat FLOAT = ValueLayout.JAVA_FLOAT_UNALIGNED;

  private final Loader owner;
  private final int slot;
  private final Tensor pictures;
  private final Tensor labels;
  private final Tensor lastPictures;
  private final Tensor lastLabels;
  private final Optional<Tensor> targets;
  private final int[] items;
  private long epoch;
  private long number;
  private int size;

  /// @param capacity pictures of a full batch
  /// @param last pictures of the last batch of an epoch
  /// @param classes of mixed labels, 0 where none are mixed
  Batch(Loader owner, int slot, PictureShape shape, int capacity, int last, int classes) {
    this.owner = owner;
    this.slot = slot;
    this.items = new int[capacity];
    pictures = Tensor.zeros(DType.U8, capacity, shape.height(), shape.width(), shape.channels());
    labels = Tensor.zeros(DType.I32, capacity);
    lastPictures =
        Tensor.over(pictures.type().with(pictures.shape().with(0, last)), pictures.data());
    lastLabels = Tensor.over(TensorType.of(DType.I32, last), labels.data());
    targets =
        classes == 0 ? Optional.empty() : Optional.of(Tensor.zeros(DType.F32, capacity, classes));
  }

  /// @shape u8 N×H×W×C: channels last, as the memory lies; N is [#size]
  public Tensor pictures() {
    return size == items.length ? pictures : lastPictures;
  }

  /// The class of each picture; where pictures are mixed, the one that has the larger share.
  ///
  /// @shape i32 N
  public Tensor labels() {
    return size == items.length ? labels : lastLabels;
  }

  /// The shares of the classes in each picture of a full batch, where a loader mixes pictures.
  ///
  /// @shape f32 N×classes; each row sums to 1
  public Optional<Tensor> targets() {
    return targets;
  }

  /// How many pictures it holds.
  public int size() {
    return size;
  }

  /// The epoch that it is part of, from 0.
  public long epoch() {
    return epoch;
  }

  /// Which batch of its epoch it is, from 0.
  public long number() {
    return number;
  }

  /// The number in the data set of the k-th picture.
  public int item(int k) {
    return items[k];
  }

  /// Gives the memory back to the loader.
  public void release() {
    owner.release(slot);
  }

  void describe(long newEpoch, long newNumber, int newSize) {
    epoch = newEpoch;
    number = newNumber;
    size = newSize;
  }

  void label(int k, int item, int label) {
    items[k] = item;
    labels.data().setAtIndex(INT, k, label);
  }

  /// Gives each of the first n pictures `share` of its own label and the rest of the next one's.
  void mixLabels(int n, double share) {
    MemorySegment label = labels.data();
    MemorySegment q = targets.orElseThrow().data();
    int classes = targets.orElseThrow().shape().dim(1);
    q.fill((byte) 0);
    int first = label.getAtIndex(INT, 0);
    for (int k = 0; k < n; k++) {
      int own = label.getAtIndex(INT, k);
      int next = k == n - 1 ? first : label.getAtIndex(INT, k + 1);
      long row = (long) k * classes;
      q.setAtIndex(FLOAT, row + own, (float) share);
      q.setAtIndex(FLOAT, row + next, q.getAtIndex(FLOAT, row + next) + (float) (1 - share));
      if (share < 0.5) {
        label.setAtIndex(INT, k, next);
      }
    }
  }

  Tensor fullPictures() {
    return pictures;
  }

  @Override
  public String toString() {
    return "batch " + number + " of epoch " + epoch + ": " + size + " pictures";
  }
}
