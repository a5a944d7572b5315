package unfold.backend;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/// Workers for machines where no native library brings any: daemon threads that wait for work by
/// spinning for about 50 µs and then park, so that loops that follow each other closely start
/// within a microsecond and an idle program costs nothing.
///
/// Thread t runs the parts t, t + threads, t + 2·threads, …; the caller is thread 0. To be used by
/// one caller at a time; a body must not start another loop.
public final class PoolWorkers implements Workers, AutoCloseable {
  private static final long SPIN_NANOS = 50_000;
  private static final int SPINS_BETWEEN_LOOKS = 64;

  /// About 50 µs too: a worker that another program keeps from running needs this processor.
  private static final int SPINS_BEFORE_YIELD = 2_000;

  private final Member[] members;
  private final AtomicInteger busy = new AtomicInteger();
  private volatile int round;
  private volatile boolean closed;
  private int parts;
  private @Nullable Body body;
  private @Nullable Throwable failure;

  /// @param threads the caller included; at least 1
  public PoolWorkers(int threads) {
    if (threads < 1) {
      throw new IllegalArgumentException("needs at least 1 thread, not " + threads);
    }
    members = new Member[threads - 1];
    for (int i = 0; i < members.length; i++) {
      members[i] = new Member(i + 1);
      members[i].start();
    }
  }

  @Override
  public int threads() {
    return members.length + 1;
  }

  @Override
  public void run(int parts, Body body) {
    int helpers = Math.min(members.length, parts - 1);
    if (helpers <= 0 || closed) {
      for (int i = 0; i < parts; i++) {
        body.part(i);
      }
      return;
    }
    this.parts = parts;
    this.body = body;
    failure = null;
    busy.set(members.length);
    round++;
    for (Member m : members) {
      if (m.parked) {
        LockSupport.unpark(m);
      }
    }
    work(0, parts, body);
    for (int spins = 0; busy.get() > 0; spins++) {
      if (spins < SPINS_BEFORE_YIELD) {
        Thread.onSpinWait();
      } else {
        Thread.yield();
      }
    }
    rethrow(failure);
  }

  private void work(int first, int parts, Body body) {
    for (int part = first; part < parts; part += threads()) {
      try {
        body.part(part);
      } catch (RuntimeException | Error e) {
        fail(e);
      }
    }
  }

  private synchronized void fail(Throwable e) {
    if (failure == null) {
      failure = e;
    }
  }

  private static void rethrow(@Nullable Throwable failure) {
    switch (failure) {
      case null -> {}
      case RuntimeException e -> throw e;
      case Error e -> throw e;
      default -> throw new IllegalStateException(failure);
    }
  }

  /// Ends the threads. Loops given later run on the caller alone.
  @Override
  public void close() {
    closed = true;
    for (Member m : members) {
      LockSupport.unpark(m);
    }
  }

  private final class Member extends Thread {
    private final int number;
    private volatile boolean parked;

    Member(int number) {
      super("unfold-worker-" + number);
      this.number = number;
      setDaemon(true);
    }

    @Override
    public void run() {
      int seen = 0;
      while (await(seen)) {
        seen = round;
        Body work = body;
        if (work != null) {
          work(number, parts, work);
        }
        busy.decrementAndGet();
      }
    }

    /// Returns when a new round begins, or false when there will be none.
    private boolean await(int seen) {
      long start = System.nanoTime();
      for (int spins = 1; round == seen; spins++) {
        if (closed) {
          return false;
        }
        if (spins % SPINS_BETWEEN_LOOKS != 0 || System.nanoTime() - start < SPIN_NANOS) {
          Thread.onSpinWait();
          continue;
        }
        parked = true;
        while (round == seen && !closed) {
          LockSupport.park(this);
        }
        parked = false;
      }
      return true;
    }
  }
}
