package unfold.data;

import unfold.data.augment.Mixing;
import unfold.data.augment.Transforms;
import unfold.error.InputException;

/// How a [Loader] goes through a set.
///
/// @param batch pictures a batch
/// @param threads that fill batches ahead; with 0 the thread that asks for a batch fills it, which
///   costs least where reading is a copy and all cores compute
/// @param ring how many batches exist at once: being filled, ready, or with the consumer
/// @param channels 1 or 3 to convert pictures, 0 to take them as they are
/// @param transforms applied to each picture in turn
/// @param mixing of the pictures of a batch with each other, after that
public record Loading(
    int batch,
    Order order,
    Span span,
    int threads,
    int ring,
    int channels,
    Transforms transforms,
    Mixing mixing) {

  /// Which pictures come when.
  ///
  /// @param shuffle whether each epoch has its own order, given by (seed, epoch) alone
  /// @param dropLast whether a last batch that is not full is left out; else it is smaller
  /// @param seed of shuffling and augmentation
  public record Order(boolean shuffle, boolean dropLast, long seed) {}

  /// From where to where.
  ///
  /// @param firstEpoch where to start, to go on exactly as a run that was never stopped
  /// @param firstBatch of the first epoch
  /// @param epochs where to end, counted from epoch 0
  public record Span(long firstEpoch, long firstBatch, long epochs) {
    public Span {
      positive(epochs - firstEpoch, "number of epochs");
      if (firstEpoch < 0 || firstBatch < 0) {
        throw new InputException(
            "loading from epoch "
                + firstEpoch
                + ", batch "
                + firstBatch
                + ": none of them can be negative");
      }
    }
  }

  public Loading {
    positive(batch, "batch");
    positive(ring, "ring");
    if (threads < 0) {
      throw new InputException("loading with " + threads + " threads: it cannot be negative");
    }
    if (channels != 0 && channels != 1 && channels != 3) {
      throw new InputException("pictures have 1 or 3 channels (0: as they are), not " + channels);
    }
  }

  /// For training: shuffled, without end, a last batch that is not full is left out; one thread
  /// fills two batches ahead.
  public static Loading training(int batch, long seed) {
    var order = new Order(true, true, seed);
    var span = new Span(0, 0, Long.MAX_VALUE);
    return new Loading(batch, order, span, 1, 3, 0, Transforms.NONE, Mixing.NONE);
  }

  /// For evaluation: once through in order, every picture; one thread fills two batches ahead.
  public static Loading evaluation(int batch) {
    var order = new Order(false, false, 0);
    return new Loading(batch, order, new Span(0, 0, 1), 1, 3, 0, Transforms.NONE, Mixing.NONE);
  }

  /// The same with other threads; the ring grows so that each has a batch to fill while one is
  /// ready and one is with the consumer.
  public Loading threads(int count) {
    int size = Math.max(ring, count + 2);
    return new Loading(batch, order, span, count, size, channels, transforms, mixing);
  }

  public Loading ring(int size) {
    return new Loading(batch, order, span, threads, size, channels, transforms, mixing);
  }

  public Loading shuffle(boolean yes) {
    var other = new Order(yes, order.dropLast, order.seed);
    return new Loading(batch, other, span, threads, ring, channels, transforms, mixing);
  }

  /// To go on where a run stopped: the next batch is batch `k` of `epoch`.
  public Loading from(long epoch, long k) {
    return span(new Span(epoch, k, span.epochs));
  }

  /// Ends after epochs 0 … count−1.
  public Loading epochs(long count) {
    return span(new Span(span.firstEpoch, span.firstBatch, count));
  }

  public Loading channels(int count) {
    return new Loading(batch, order, span, threads, ring, count, transforms, mixing);
  }

  public Loading transforms(Transforms list) {
    return new Loading(batch, order, span, threads, ring, channels, list, mixing);
  }

  public Loading mixing(Mixing to) {
    return new Loading(batch, order, span, threads, ring, channels, transforms, to);
  }

  private Loading span(Span other) {
    return new Loading(batch, order, other, threads, ring, channels, transforms, mixing);
  }

  private static void positive(long value, String what) {
    if (value < 1) {
      throw new InputException("the " + what + " must be at least 1, but is " + value);
    }
  }
}
