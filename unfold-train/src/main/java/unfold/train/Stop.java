package unfold.train;

import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;

/// The wish to stop. Ctrl-C or a polite kill sets it; the loop sees it at the next step's end,
/// saves and evaluates, and [#close] then lets the process go. It ends as the signal demands, with
/// code 130 for Ctrl-C (SIGINT) and 143 for SIGTERM.
///
/// ```java
/// try (var stop = Stop.onInterrupt()) {
///   trainer.run(stop);
/// }
/// ```
public final class Stop implements AutoCloseable {
  private final CountDownLatch closed = new CountDownLatch(1);
  private @Nullable Thread hook;
  private volatile boolean wished;

  /// Only [#wish] stops this one.
  public Stop() {}

  /// Also Ctrl-C and SIGTERM stop this one: the JVM's shutdown waits for [#close].
  public static Stop onInterrupt() {
    var stop = new Stop();
    var hook = new Thread(stop::wishAndWait, "unfold-stop");
    stop.hook = hook;
    Runtime.getRuntime().addShutdownHook(hook);
    return stop;
  }

  /// Asks to stop at the end of the running step.
  public void wish() {
    wished = true;
  }

  public boolean wished() {
    return wished;
  }

  private void wishAndWait() {
    wish();
    try {
      closed.await();
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  /// The work is saved; the process may end.
  @Override
  public void close() {
    closed.countDown();
    if (hook != null) {
      try {
        Runtime.getRuntime().removeShutdownHook(hook);
      } catch (IllegalStateException _) {
        // The shutdown has begun; the hook ends by itself.
      }
    }
  }
}
