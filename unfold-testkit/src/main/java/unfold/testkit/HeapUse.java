package unfold.testkit;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;

/** What the calling thread allocates on the heap, told apart from what its compiler leaves. */
public final class HeapUse {
  private static final int WINDOWS = 200;

  private HeapUse() {}

  /**
   * The bytes of the quietest of up to 200 windows. Code that is not yet compiled may box a number,
   * and code that was compiled on a wrong guess is interpreted again for a while, so a single
   * window says little; code that allocates does so in every one.
   */
  public static long quietest(Runnable window) {
    var threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    long least = Long.MAX_VALUE;
    for (int i = 0; i < WINDOWS && least > 0; i++) {
      long before = threads.getCurrentThreadAllocatedBytes();
      window.run();
      least = Math.min(least, threads.getCurrentThreadAllocatedBytes() - before);
    }
    return least;
  }
}
