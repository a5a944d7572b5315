package unfold.backend.onednn;

import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import unfold.backend.Workers;

/// Wakes all threads of a team and gives each a processor of its own.
///
/// Takes some microseconds if they are awake, and the time to wake them otherwise. Allocates
/// nothing unless a thread has to move.
final class Gathering {
  /// Longer than waking takes. Where another program has the processor, there is no use in more.
  private static final long PATIENCE_NANOS = 1_000_000;

  /// From here on, who waits lets others have its processor.
  private static final long SPIN_NANOS = 50_000;

  /// One to see who has to move, and one to see that all have.
  private static final int ATTEMPTS = 2;

  private final Processors processors;
  private final Workers team;
  private final Workers.Body arrival = this::arrive;
  private final AtomicInteger present = new AtomicInteger();
  private final int[] standing;
  private volatile @Nullable Thread first;

  /// Whether all have met, and whether each had a processor of its own.
  private volatile boolean met;

  private volatile boolean apart;

  Gathering(Processors processors, Workers team) {
    this.processors = processors;
    this.team = team;
    this.standing = new int[team.threads()];
  }

  /// Returns whether all threads have met: they do not if one cannot be woken within a millisecond,
  /// or does not exist.
  boolean run() {
    apart = false;
    met = true;
    for (int i = 0; i < ATTEMPTS && met && !apart; i++) {
      met = false;
      first = null;
      present.set(0);
      team.run(standing.length, arrival);
    }
    return met;
  }

  private void arrive(int part) {
    if (first == Thread.currentThread()) {
      return; // the team is smaller than it was said to be
    }
    standing[part] = processors.current();
    if (present.getAndIncrement() == 0) {
      first = Thread.currentThread();
    }
    if (!allPresent()) {
      return;
    }
    int before = 0;
    for (int i = 0; i < part; i++) {
      before += stepsAside(i) ? 1 : 0;
    }
    if (stepsAside(part)) {
      processors.move(standing, before);
    }
    if (part == standing.length - 1) {
      apart = before == 0 && !stepsAside(part);
      met = true;
    }
  }

  private boolean allPresent() {
    long start = System.nanoTime();
    while (present.get() < standing.length) {
      long waited = System.nanoTime() - start;
      if (waited > PATIENCE_NANOS) {
        return false;
      }
      if (waited > SPIN_NANOS) {
        Thread.yield();
      } else {
        Thread.onSpinWait();
      }
    }
    return true;
  }

  /// Whether one with a lower number stands on the same processor.
  private boolean stepsAside(int part) {
    for (int i = 0; i < part; i++) {
      if (standing[i] == standing[part]) {
        return true;
      }
    }
    return false;
  }
}
