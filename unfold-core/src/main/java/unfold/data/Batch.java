package unfold.data;

import java.lang.foreign.ValueLayout;
import unfold.data.image.PictureShape;
import unfold.tensor.DType;
import unfold.tensor.Tensor;
import unfold.tensor.TensorType;

/// Some pictures with their labels, in memory of a [Loader]'s ring.
///
/// It belongs to the consumer from [Loader#next] until [#release]; then the loader fills it anew,
/// so nobody may read or keep its tensors after that.
public final class Batch {
  private final Loader owner;
  private final int slot;
  private final Tensor pictures;
  private final Tensor labels;
  private final Tensor lastPictures;
  private final Tensor lastLabels;
  private final int[] items;
  private long epoch;
  private long number;
  private int size;

  /// @param capacity pictures of a full batch
  /// @param last pictures of the last batch of an epoch
  Batch(Loader owner, int slot, PictureShape shape, int capacity, int last) {
    this.owner = owner;
    this.slot = slot;
    this.items = new int[capacity];
    pictures = Tensor.zeros(DType.U8, capacity, shape.height(), shape.width(), shape.channels());
    labels = Tensor.zeros(DType.I32, capacity);
    lastPictures =
        Tensor.over(pictures.type().with(pictures.shape().with(0, last)), pictures.data());
    lastLabels = Tensor.over(TensorType.of(DType.I32, last), labels.data());
  }

  /// @shape u8 N×H×W×C: channels last, as the memory lies; N is [#size]
  public Tensor pictures() {
    return size == items.length ? pictures : lastPictures;
  }

  /// @shape i32 N
  public Tensor labels() {
    return size == items.length ? labels : lastLabels;
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
    labels.data().setAtIndex(ValueLayout.JAVA_INT_UNALIGNED, k, label);
  }

  Tensor fullPictures() {
    return pictures;
  }

  @Override
  public String toString() {
    return "batch " + number + " of epoch " + epoch + ": " + size + " pictures";
  }
}
