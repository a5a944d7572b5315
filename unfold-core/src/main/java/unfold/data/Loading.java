package unfold.data;

import unfold.data.augment.Mixing;
import unfold.data.augment.Transforms;
import unfold.error.InputException;

/// How a [Loader] goes through a set.
///
/// @param batch pictures a batch
/// @param shuffle whether each epoch has its own order, given by (seed, epoch) alone
/// @param dropLast whether a last batch that is not full is left out; else it is smaller
/// @param seed of shuffling and augmentation
/// @param threads that fill batches ahead; with 0 the thread that asks for a batch fills it, which
///   costs least where reading is a copy and all cores compute
/// @param ring how many batches exist at once: being filled, ready, or with the consumer
/// @param firstEpoch where to start, to go on exactly as a run that was never stopped
/// @param firstBatch of the first epoch
/// @param epochs where to end, counted from epoch 0
/// @param channels 1 or 3 to convert pictures, 0 to take them as they are
/// @param transforms applied to each picture in turn
/// @param mixing of the pictures of a batch with each other, after that
public record Loading(
    int batch,
    boolean shuffle,
    boolean dropLast,
    long seed,
    int threads,
    int ring,
    long firstEpoch,
    long firstBatch,
    long epochs,
    int channels,
    Transforms transforms,
    Mixing mixing) {
  public Loading {
    positive(batch, "batch");
    positive(ring, "ring");
    positive(epochs - firstEpoch, "number of epochs");
    if (threads < 0 || firstEpoch < 0 || firstBatch < 0) {
      throw new InputException(
          "loading with "
              + threads
              + " threads from epoch "
              + firstEpoch
              + ", batch "
              + firstBatch
              + ": none of them can be negative");
    }
    if (channels != 0 && channels != 1 && channels != 3) {
      throw new InputException("pictures have 1 or 3 channels (0: as they are), not " + channels);
    }
  }

  /// For training: shuffled, without end, a last batch that is not full is left out; one thread
  /// fills two batches ahead.
  public static Loading training(int batch, long seed) {
    return new Loading(
        batch, true, true, seed, 1, 3, 0, 0, Long.MAX_VALUE, 0, Transforms.NONE, Mixing.NONE);
  }

  /// For evaluation: once through in order, every picture; one thread fills two batches ahead.
  public static Loading evaluation(int batch) {
    return new Loading(batch, false, false, 0, 1, 3, 0, 0, 1, 0, Transforms.NONE, Mixing.NONE);
  }

  /// The same with other threads; the ring grows so that each has a batch to fill while one is
  /// ready and one is with the consumer.
  public Loading threads(int count) {
    return new Loading(
        batch,
        shuffle,
        dropLast,
        seed,
        count,
        Math.max(ring, count + 2),
        firstEpoch,
        firstBatch,
        epochs,
        channels,
        transforms,
        mixing);
  }

  public Loading ring(int size) {
    return new Loading(
        batch,
        shuffle,
        dropLast,
        seed,
        threads,
        size,
        firstEpoch,
        firstBatch,
        epochs,
        channels,
        transforms,
        mixing);
  }

  public Loading shuffle(boolean yes) {
    return new Loading(
        batch,
        yes,
        dropLast,
        seed,
        threads,
        ring,
        firstEpoch,
        firstBatch,
        epochs,
        channels,
        transforms,
        mixing);
  }

  public Loading dropLast(boolean yes) {
    return new Loading(
        batch,
        shuffle,
        yes,
        seed,
        threads,
        ring,
        firstEpoch,
        firstBatch,
        epochs,
        channels,
        transforms,
        mixing);
  }

  /// To go on where a run stopped: the next batch is batch `k` of `epoch`.
  public Loading from(long epoch, long k) {
    return new Loading(
        batch,
        shuffle,
        dropLast,
        seed,
        threads,
        ring,
        epoch,
        k,
        epochs,
        channels,
        transforms,
        mixing);
  }

  /// Ends after epochs 0 … count−1.
  public Loading epochs(long count) {
    return new Loading(
        batch,
        shuffle,
        dropLast,
        seed,
        threads,
        ring,
        firstEpoch,
        firstBatch,
        count,
        channels,
        transforms,
        mixing);
  }

  public Loading channels(int count) {
    return new Loading(
        batch,
        shuffle,
        dropLast,
        seed,
        threads,
        ring,
        firstEpoch,
        firstBatch,
        epochs,
        count,
        transforms,
        mixing);
  }

  public Loading transforms(Transforms list) {
    return new Loading(
        batch,
        shuffle,
        dropLast,
        seed,
        threads,
        ring,
        firstEpoch,
        firstBatch,
        epochs,
        channels,
        list,
        mixing);
  }

  public Loading mixing(Mixing to) {
    return new Loading(
        batch,
        shuffle,
        dropLast,
        seed,
        threads,
        ring,
        firstEpoch,
        firstBatch,
        epochs,
        channels,
        transforms,
        to);
  }

  private static void positive(long value, String what) {
    if (value < 1) {
      throw new InputException("the " + what + " must be at least 1, but is " + value);
    }
  }
}
