package unfold.data;

import java.util.Arrays;
import java.util.NoSuchElementException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import unfold.data.image.PictureShape;
import unfold.error.FormatException;
import unfold.error.InputException;

/// Turns a data set into batches, ahead of the consumer:
///
/// ```java
/// try (var loader = Loader.of(data, Loading.training(128, seed))) {
///   while (loader.hasNext()) {
///     Batch batch = loader.next();
///     step(batch.pictures(), batch.labels());
///     batch.release();
///   }
/// }
/// ```
///
/// **Order.** Which pictures are in batch k of epoch e, in which order and how augmented, depends
/// on the set, the seed, e and k alone: not on threads, nor on where the run started.
///
/// **Memory.** The ring of batches is allocated once, off-heap. A batch belongs to the consumer
/// until [Batch#release]; one who holds the whole ring and asks for more gets an
/// `IllegalStateException` instead of waiting for ever. Nothing is allocated per batch where the
/// set's pictures have one shape, its `read` allocates nothing, and nothing transforms them.
///
/// **Errors.** A batch that cannot be filled makes [#next] throw, when its turn comes, what went
/// wrong, naming the picture; the loader is then over.
///
/// **Threads.** One thread may call `next` and `close`; any may call `release`. The loader's own
/// threads are daemons and end with `close` or after the last batch.
public final class Loader implements AutoCloseable {
  private enum State {
    FREE,
    FILLING,
    READY,
    FAILED,
    HELD
  }

  private final Dataset data;
  private final Loading loading;
  private final PictureShape shape;
  private final long batchesPerEpoch;
  private final long end;
  private final Batch[] ring;
  private final State[] state;
  private final BatchFiller ownFiller;
  private final Thread[] workers;

  private long nextToFill;
  private long nextToGive;
  private boolean over;
  private boolean failing;

  /// What went wrong with the batch at each place, where something did.
  private final @Nullable Throwable[] failure;

  public static Loader of(Dataset data, Loading loading) {
    return new Loader(data, loading);
  }

  private Loader(Dataset data, Loading loading) {
    this.data = data;
    this.loading = loading;
    this.shape = outputShape(data, loading);
    int n = data.size();
    int batch = loading.batch();
    int rest = n % batch;
    batchesPerEpoch = loading.order().dropLast() ? n / batch : (n + batch - 1) / batch;
    if (batchesPerEpoch == 0) {
      throw new InputException(
          data.name()
              + " has "
              + n
              + " pictures, too few for a full batch of "
              + batch
              + ": make the batch smaller or keep the last one");
    }
    if (loading.span().firstBatch() >= batchesPerEpoch) {
      throw new InputException(
          data.name()
              + " has "
              + batchesPerEpoch
              + " batches of "
              + batch
              + " an epoch (0 to "
              + (batchesPerEpoch - 1)
              + "): there is no batch "
              + loading.span().firstBatch()
              + " to start from");
    }
    end =
        loading.span().epochs() > Long.MAX_VALUE / batchesPerEpoch
            ? Long.MAX_VALUE
            : loading.span().epochs() * batchesPerEpoch;
    nextToFill = loading.span().firstEpoch() * batchesPerEpoch + loading.span().firstBatch();
    nextToGive = nextToFill;
    ring = new Batch[loading.ring()];
    state = new State[ring.length];
    failure = new Throwable[ring.length];
    int mixed = loading.mixing().isNone() ? 0 : data.classes().size();
    Arrays.setAll(ring, k -> new Batch(this, k, shape, batch, rest == 0 ? batch : rest, mixed));
    Arrays.fill(state, State.FREE);
    ownFiller = new BatchFiller(data, loading, shape, batchesPerEpoch);
    workers = new Thread[loading.threads()];
    for (int k = 0; k < workers.length; k++) {
      workers[k] = Thread.ofPlatform().daemon().name("unfold-loader-" + k).start(this::work);
    }
  }

  /// The shape of the pictures in a batch, after conversion and transforms.
  public PictureShape shape() {
    return shape;
  }

  public long batchesPerEpoch() {
    return batchesPerEpoch;
  }

  public boolean hasNext() {
    return nextToGive < end;
  }

  /// The next batch, waiting for it if need be. It is the caller's until [Batch#release].
  public Batch next() {
    if (!hasNext()) {
      throw new NoSuchElementException(
          data.name() + ": the " + loading.span().epochs() + " epochs asked for are over");
    }
    int slot = (int) (nextToGive % ring.length);
    if (workers.length == 0) {
      return fillNow(slot);
    }
    synchronized (this) {
      requireOpen();
      requireNotHeld(slot);
      while (state[slot] != State.READY && state[slot] != State.FAILED) {
        pause();
        requireOpen();
      }
      if (state[slot] == State.FAILED) {
        over = true;
        notifyAll();
        throw problem(slot);
      }
      state[slot] = State.HELD;
      nextToGive++;
      return ring[slot];
    }
  }

  /// Ends the loader's threads and waits for them. Batches still held stay readable.
  @Override
  public void close() {
    synchronized (this) {
      over = true;
      notifyAll();
    }
    boolean interrupted = false;
    for (Thread worker : workers) {
      while (worker.isAlive()) {
        try {
          worker.join();
        } catch (InterruptedException _) {
          interrupted = true;
        }
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  synchronized void release(int slot) {
    if (state[slot] != State.HELD) {
      throw new IllegalStateException("this batch was released already");
    }
    state[slot] = State.FREE;
    notifyAll();
  }

  private Batch fillNow(int slot) {
    synchronized (this) {
      requireOpen();
      requireNotHeld(slot);
      state[slot] = State.HELD;
    }
    try {
      ownFiller.fill(nextToGive, ring[slot]);
    } catch (RuntimeException | Error e) {
      synchronized (this) {
        over = true;
        failure[slot] = e;
      }
      throw problem(slot);
    }
    nextToGive++;
    return ring[slot];
  }

  private void work() {
    var filler = new BatchFiller(data, loading, shape, batchesPerEpoch);
    for (long number = claim(); number >= 0; number = claim()) {
      int slot = (int) (number % ring.length);
      State outcome = State.READY;
      Throwable problem = null;
      try {
        filler.fill(number, ring[slot]);
      } catch (RuntimeException | Error e) {
        outcome = State.FAILED;
        problem = e;
      }
      synchronized (this) {
        state[slot] = outcome;
        failure[slot] = problem;
        failing |= problem != null;
        notifyAll();
      }
    }
  }

  /// The number of the next batch to fill, once its place is free; −1 when there is none any more.
  /// Batches are claimed in order, so those before a failing one are still filled.
  private synchronized long claim() {
    while (!over && !failing && nextToFill < end) {
      int slot = (int) (nextToFill % ring.length);
      if (state[slot] == State.FREE) {
        state[slot] = State.FILLING;
        return nextToFill++;
      }
      pause();
    }
    return -1;
  }

  private void pause() {
    try {
      wait();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(data.name() + ": interrupted while waiting for a batch", e);
    }
  }

  private void requireOpen() {
    if (over) {
      throw new IllegalStateException(data.name() + ": the loader is closed");
    }
  }

  private void requireNotHeld(int slot) {
    if (state[slot] == State.HELD) {
      throw new IllegalStateException(
          data.name()
              + ": all "
              + ring.length
              + " batches of the ring are held: release one before asking for the next");
    }
  }

  /// What a worker met, as an exception of the thread that asked.
  private RuntimeException problem(int slot) {
    return switch (failure[slot]) {
      case FormatException e -> new FormatException(message(e), e);
      case InputException e -> new InputException(message(e), e);
      case null -> new IllegalStateException(data.name() + ": a batch failed");
      case Throwable e -> new IllegalStateException(data.name() + ": cannot load a batch: " + e, e);
    };
  }

  private static String message(Throwable e) {
    return Optional.ofNullable(e.getMessage()).orElse(e.toString());
  }

  private static PictureShape outputShape(Dataset data, Loading loading) {
    Optional<PictureShape> own = data.shape();
    int channels =
        loading.channels() != 0 ? loading.channels() : own.map(PictureShape::channels).orElse(3);
    return loading
        .transforms()
        .shape(own.map(s -> s.channels(channels)))
        .map(s -> s.channels(channels))
        .orElseThrow(() ->
            new InputException(
                data.name()
                    + ": pictures differ in size, so a batch needs a transform that"
                    + " ends in one size, such as resize(256),centre-crop(224)"));
  }
}
