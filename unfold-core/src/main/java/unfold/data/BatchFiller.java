package unfold.data;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import unfold.data.augment.Mixing;
import unfold.data.augment.Transforms;
import unfold.data.image.Picture;
import unfold.data.image.PictureShape;
import unfold.error.FormatException;
import unfold.error.InputException;
import unfold.error.ShapeException;
import unfold.random.Stream;

/// Fills one batch at a time; each thread of a [Loader] has its own. Remembers the order of the
/// epoch it is in.
final class BatchFiller {
  private final Dataset data;
  private final Loading loading;
  private final PictureShape shape;
  private final long batchesPerEpoch;
  private final boolean plainCopy;
  private final byte[] spare;
  private int[] order = {};
  private long orderEpoch = -1;

  BatchFiller(Dataset data, Loading loading, PictureShape shape, long batchesPerEpoch) {
    this.data = data;
    this.loading = loading;
    this.shape = shape;
    this.batchesPerEpoch = batchesPerEpoch;
    this.plainCopy =
        loading.transforms().isEmpty() && data.shape().filter(shape::equals).isPresent();
    this.spare = new byte[loading.mixing().isNone() ? 0 : shape.bytes()];
  }

  /// Fills batch `number`, counted through all epochs.
  void fill(long number, Batch batch) {
    long epoch = number / batchesPerEpoch;
    long k = number % batchesPerEpoch;
    int first = (int) (k * loading.batch());
    int size = Math.min(loading.batch(), data.size() - first);
    batch.describe(epoch, k, size);
    if (loading.order().shuffle() && orderEpoch != epoch) {
      order = Stream.of(loading.order().seed(), "data/shuffle", epoch).permutation(data.size());
      orderEpoch = epoch;
    }
    MemorySegment to = batch.fullPictures().data();
    int bytes = shape.bytes();
    for (int j = 0; j < size; j++) {
      int item = loading.order().shuffle() ? order[first + j] : first + j;
      try {
        batch.label(j, item, data.label(item));
        if (plainCopy) {
          data.read(item, to, (long) j * bytes);
        } else {
          transformed(epoch, item, to, (long) j * bytes);
        }
      } catch (FormatException | InputException e) {
        throw e;
      } catch (RuntimeException e) {
        throw new IllegalStateException(data.source(item) + ": " + e, e);
      }
    }
    if (!loading.mixing().isNone()) {
      mix(number, size, batch, to);
    }
  }

  private void mix(long number, int size, Batch batch, MemorySegment pictures) {
    Mixing.Mix mix =
        loading.mixing().draw(loading.order().seed(), number, shape.height(), shape.width());
    Mixing.apply(mix, pictures, size, shape.width(), shape.channels(), spare);
    batch.mixLabels(size, mix.share());
  }

  private void transformed(long epoch, int item, MemorySegment to, long offset) {
    Transforms transforms = loading.transforms();
    Picture picture = data.picture(item).channels(shape.channels());
    Picture out = transforms.apply(picture, loading.order().seed(), epoch, item);
    if (!out.shape().equals(shape)) {
      throw new ShapeException(
          data.source(item)
              + ": transforms made a picture "
              + out.shape()
              + ", but the batch has "
              + shape);
    }
    MemorySegment.copy(out.pixels(), 0, to, ValueLayout.JAVA_BYTE, offset, shape.bytes());
  }
}
