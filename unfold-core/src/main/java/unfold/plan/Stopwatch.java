package unfold.plan;

import java.lang.foreign.MemorySegment;
import java.lang.ref.Reference;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import unfold.backend.Call;
import unfold.backend.Candidate;
import unfold.backend.Kernel;
import unfold.backend.Layout;
import unfold.backend.Workers;
import unfold.memory.Block;
import unfold.tensor.TensorType;

/// Times kernels on memory of its own. Runs go round several sets of operands, so that small ones
/// come from outer caches and large ones from memory, as in a program; but not more of them than
/// the program's values take, which stay in a cache if they are few.
///
/// Reals are numbers of magnitude 0.5 … 2, integers zero (an index must be valid).
final class Stopwatch {
  /// More than a cache holds.
  private static final long COLD_BYTES = 48 << 20;

  private static final int MOST_SETS = 16;
  private static final int FEWEST_RUNS = 3;
  private static final int MOST_RUNS = 25;

  /// A kernel that has not run before is run until it gets no faster. Those in Java get longer for
  /// that: the JVM compiles them meanwhile.
  private static final long WINDOW_NANOS = 3_000_000;

  private static final long JAVA_WINDOW_NANOS = 25_000_000;

  private static final int MOST_WINDOWS = 12;

  /// A run that takes so many windows is measured by itself: a few would be a long wait.
  private static final int LONG_WINDOWS = 4;

  private static final long ALIGNMENT = 64;
  private static final long PATTERN_BYTES = 64 << 10;

  private final long nanosEach;
  private final Workers workers;
  private final Set<String> warm = new HashSet<>();
  private long coldBytes = COLD_BYTES;
  private @Nullable Block reals;
  private @Nullable Block integers;
  private @Nullable Block outputs;
  private @Nullable Block scratch;

  Stopwatch(long nanosEach, Workers workers) {
    this.nanosEach = nanosEach;
    this.workers = workers;
  }

  /// Times for a program whose values take so many bytes together from here on: in memory about
  /// half as much, since they share it.
  void begin(long bytes) {
    coldBytes = Math.min(bytes / 2, COLD_BYTES);
  }

  /// Time of one run: what a quarter of the runs stay below, since whoever else uses the machine
  /// only ever adds to it.
  ///
  /// @param label kernels of one label are compiled together
  /// @param limit a kernel much slower than this is not timed to the end
  long nanos(Call call, Candidate candidate, String label, long limit) {
    long window = WINDOW_NANOS;
    var wanted = call.wanted();
    return nanos(call.inputs(), call.outputs(), wanted, candidate, label, window, 1, limit);
  }

  /// @param inJava whether the conversion may be written in Java
  long nanos(Conversions.Hop hop, boolean inJava) {
    return nanos(
        List.of(hop.from()),
        List.of(hop.type()),
        List.of(true),
        hop.candidate(),
        hop.backend() + "/" + hop.candidate().label(),
        inJava ? JAVA_WINDOW_NANOS : WINDOW_NANOS,
        FEWEST_RUNS,
        Long.MAX_VALUE);
  }

  /// Gives the memory back.
  void release() {
    reals = null;
    integers = null;
    outputs = null;
    scratch = null;
  }

  private long nanos(
      List<TensorType> inputTypes,
      List<TensorType> outputTypes,
      List<Boolean> wanted,
      Candidate candidate,
      String label,
      long window,
      int fewestRuns,
      long limit) {
    long in = bytes(inputTypes, candidate.inputs());
    long out = bytes(outputTypes, candidate.outputs());
    int sets = Math.clamp(coldBytes / (in + out + 1), 1, MOST_SETS);
    Block realMemory = reals = atLeast(reals, in * sets, true);
    Block integerMemory = integers = atLeast(integers, in, false);
    Block outputMemory = outputs = atLeast(outputs, out * sets, false);
    Block scratchMemory = scratch = atLeast(scratch, candidate.scratchBytes(), false);
    Kernel[] kernels = new Kernel[sets];
    for (int s = 0; s < sets; s++) {
      var from = new Cursor(realMemory.segment(), s * in);
      var zeros = new Cursor(integerMemory.segment(), 0);
      var to = new Cursor(outputMemory.segment(), s * out);
      var inputs = new ArrayList<MemorySegment>();
      for (int i = 0; i < inputTypes.size(); i++) {
        Cursor c = inputTypes.get(i).dtype().isFloat() ? from : zeros;
        inputs.add(c.next(candidate.inputs().get(i).bytes(inputTypes.get(i))));
      }
      var results = new ArrayList<MemorySegment>();
      for (int i = 0; i < outputTypes.size(); i++) {
        MemorySegment m = to.next(candidate.outputs().get(i).bytes(outputTypes.get(i)));
        results.add(wanted.get(i) ? m : MemorySegment.NULL);
      }
      kernels[s] = candidate.bind(inputs, results, scratchMemory.segment());
    }
    long typical = typical(kernels, label, window, fewestRuns, limit);
    Reference.reachabilityFence(realMemory);
    Reference.reachabilityFence(integerMemory);
    Reference.reachabilityFence(outputMemory);
    Reference.reachabilityFence(scratchMemory);
    return typical;
  }

  /// @param fewest runs, of those that take longer than all should together
  private long typical(Kernel[] kernels, String label, long window, int fewest, long limit) {
    if (warm.add(label)) {
      warmUp(kernels, window);
    } else {
      time(kernels[0]);
    }
    long[] nanos = new long[MOST_RUNS];
    int runs = 0;
    long sum = 0;
    while (runs < fewest || runs < MOST_RUNS && sum < nanosEach) {
      nanos[runs] = time(kernels[(runs + 1) % kernels.length]);
      sum += nanos[runs++];
      if (runs > 1 && sum / 2 / runs > limit) {
        break;
      }
    }
    Arrays.sort(nanos, 0, runs);
    return nanos[runs / 4];
  }

  /// Runs until two windows in a row have brought nothing; once if that takes as long as several.
  private void warmUp(Kernel[] kernels, long windowNanos) {
    long best = Long.MAX_VALUE;
    int idle = 0;
    for (int window = 0; window < MOST_WINDOWS && idle < 2; window++) {
      long least = Long.MAX_VALUE;
      long spent = 0;
      for (int i = 0; spent < windowNanos; i++) {
        long t = time(kernels[i % kernels.length]);
        least = Math.min(least, t);
        spent += t + 100;
      }
      if (least > LONG_WINDOWS * windowNanos) {
        return;
      }
      idle = least < 0.9 * best ? 0 : idle + 1;
      best = Math.min(best, least);
    }
  }

  private long time(Kernel kernel) {
    workers.gather();
    long start = System.nanoTime();
    kernel.run();
    return System.nanoTime() - start;
  }

  private static long bytes(List<TensorType> types, List<Layout> layouts) {
    long sum = 0;
    for (int i = 0; i < types.size(); i++) {
      sum += align(layouts.get(i).bytes(types.get(i)));
    }
    return sum;
  }

  private static Block atLeast(@Nullable Block block, long bytes, boolean random) {
    if (block != null && block.segment().byteSize() >= bytes) {
      return block;
    }
    Block larger = Block.allocate(bytes);
    if (random) {
      fill(larger.segment());
    }
    return larger;
  }

  /// Every 16 bits are a bf16 of magnitude 0.5 … 2, so every 32 bits are such an f32. The first
  /// numbers are repeated: this runs before the JVM has compiled it.
  private static void fill(MemorySegment memory) {
    long x = 0x9E3779B97F4A7C15L;
    long filled = 0;
    for (; filled + 8 <= Math.min(memory.byteSize(), PATTERN_BYTES); filled += 8) {
      x ^= x << 13;
      x ^= x >>> 7;
      x ^= x << 17;
      memory.set(
          java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED,
          filled,
          x & 0x80FF_80FF_80FF_80FFL | 0x3F00_3F00_3F00_3F00L);
    }
    while (filled > 0 && filled < memory.byteSize()) {
      long bytes = Math.min(filled, memory.byteSize() - filled);
      MemorySegment.copy(memory, 0, memory, filled, bytes);
      filled += bytes;
    }
  }

  private static long align(long bytes) {
    return bytes + ALIGNMENT - 1 & -ALIGNMENT;
  }

  /// Hands out pieces of memory one after the other.
  private static final class Cursor {
    private final MemorySegment memory;
    private long at;

    Cursor(MemorySegment memory, long at) {
      this.memory = memory;
      this.at = at;
    }

    MemorySegment next(long bytes) {
      MemorySegment piece = memory.asSlice(at, bytes);
      at += align(bytes);
      return piece;
    }
  }
}
