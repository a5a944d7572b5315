package unfold.backend.onednn;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.invoke.VarHandle;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import unfold.backend.Workers;
import unfold.memory.NativeCalls;

/// Java loop bodies on the threads of GNU OpenMP that oneDNN itself uses, so that the two never
/// compete for a processor and a loop starts in a microsecond (its threads spin between regions).
///
/// Thread t of T runs the parts from ⌊t·parts/T⌋ to ⌊(t+1)·parts/T⌋ − 1. One thread calls this at a
/// time, and not from inside a part.
final class GompWorkers implements Workers {
  /// How long threads stay where they were gathered, and how long it is no use to try again when
  /// they could not be.
  private static final long GATHERING_NANOS = 1_000_000;

  private static final long MISSED_NANOS = 5_000_000;

  private static final VarHandle FAILURE;
  private static final MethodHandle REGION;

  static {
    try {
      var lookup = MethodHandles.lookup();
      FAILURE = lookup.findVarHandle(GompWorkers.class, "failure", Throwable.class);
      REGION =
          lookup.findVirtual(
              GompWorkers.class, "region", MethodType.methodType(void.class, long.class));
    } catch (ReflectiveOperationException e) {
      throw new AssertionError(e);
    }
  }

  private final int threads;
  private final MemorySegment parallel;
  private final MemorySegment threadNumber;
  private final MemorySegment threadCount;
  private final MemorySegment stub;
  private final Optional<Gathering> gathering;
  private long nextGathering;

  // Written by the caller before a region and read inside it; the region's start and end order
  // them.
  private int parts;
  private Body body = _ -> {};
  private volatile @Nullable Throwable failure;

  /// @param lookup finds libgomp's functions: libdnnl's own lookup, so that it is the same copy
  GompWorkers(SymbolLookup lookup, int threads) {
    this.threads = threads;
    this.parallel = lookup.findOrThrow("GOMP_parallel");
    this.threadNumber = lookup.findOrThrow("omp_get_thread_num");
    this.threadCount = lookup.findOrThrow("omp_get_num_threads");
    this.stub =
        Linker.nativeLinker()
            .upcallStub(REGION.bindTo(this), FunctionDescriptor.ofVoid(JAVA_LONG), Arena.ofAuto());
    boolean oneEach = threads > 1 && threads <= Runtime.getRuntime().availableProcessors();
    this.gathering =
        oneEach ? Processors.find().map(p -> new Gathering(p, this)) : Optional.empty();
    this.nextGathering = System.nanoTime();
  }

  @Override
  public int threads() {
    return threads;
  }

  @Override
  public void run(int parts, Body body) {
    this.parts = parts;
    this.body = body;
    if (parts <= 1 || threads == 1) {
      run(0, parts);
    } else {
      try {
        // GOMP_parallel(body, its argument, threads, flags)
        long unused =
            (long)
                NativeCalls.FEW.invokeExact(
                    parallel, stub.address(), 0L, (long) Math.min(threads, parts), 0L);
      } catch (Throwable e) {
        throw new AssertionError(e);
      }
    }
    if (failure != null) {
      rethrow();
    }
  }

  @Override
  public void gather() {
    if (gathering.isPresent() && System.nanoTime() - nextGathering > 0) {
      boolean met = gathering.get().run();
      nextGathering = System.nanoTime() + (met ? GATHERING_NANOS : MISSED_NANOS);
    }
  }

  private void rethrow() {
    Throwable first = (Throwable) FAILURE.getAndSet(this, (Throwable) null);
    switch (first) {
      case RuntimeException e -> throw e;
      case Error e -> throw e;
      case Throwable e -> throw new AssertionError("a loop body threw a checked exception", e);
      case null -> {}
    }
  }

  /// What each thread of a region runs, called from native code: nothing may be thrown out of it.
  private void region(long unused) {
    try {
      long t = (int) (long) NativeCalls.FEW.invokeExact(threadNumber, 0L, 0L, 0L, 0L);
      int count = (int) (long) NativeCalls.FEW.invokeExact(threadCount, 0L, 0L, 0L, 0L);
      run((int) (t * parts / count), (int) ((t + 1) * parts / count));
    } catch (Throwable e) {
      fail(e);
    }
  }

  private void run(int start, int end) {
    for (int i = start; i < end; i++) {
      try {
        body.part(i);
      } catch (Throwable e) {
        fail(e);
      }
    }
  }

  private void fail(Throwable e) {
    FAILURE.compareAndSet(this, (Throwable) null, e);
  }
}
