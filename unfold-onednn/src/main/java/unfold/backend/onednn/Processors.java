package unfold.backend.onednn;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.util.Optional;
import unfold.memory.NativeCalls;

/// Which processors of the machine the threads of a team stand on; Linux alone says.
///
/// The system wakes a thread where it finds it best, and on the processor of the one that wakes it
/// if need be. Two threads of a team that share a processor while another is idle stay there: each
/// sleeps while the other works, so that never two at once are seen to want it. Every loop then
/// takes a tenth of a millisecond and more, which a network of small layers notices sixty times.
final class Processors {
  /// Bytes of a mask: for 1,024 processors, as many as the C library's own type holds.
  private static final int MASK_BYTES = 128;

  private final MemorySegment current;
  private final MemorySegment getMask;
  private final MemorySegment setMask;

  private Processors(MemorySegment current, MemorySegment getMask, MemorySegment setMask) {
    this.current = current;
    this.getMask = getMask;
    this.setMask = setMask;
  }

  /// Nothing where the system has no such calls.
  static Optional<Processors> find() {
    SymbolLookup system = Linker.nativeLinker().defaultLookup();
    var current = system.find("sched_getcpu");
    var get = system.find("sched_getaffinity");
    var set = system.find("sched_setaffinity");
    return current.isPresent() && get.isPresent() && set.isPresent()
        ? Optional.of(new Processors(current.get(), get.get(), set.get()))
        : Optional.empty();
  }

  /// The one that the calling thread stands on. Asked in a step, so it makes no array of arguments.
  int current() {
    try {
      return (int) (long) NativeCalls.FEW.invokeExact(current, 0L, 0L, 0L, 0L);
    } catch (Throwable e) {
      throw new AssertionError(e);
    }
  }

  /// Moves the calling thread to another processor, and lets it go where it may from there on.
  ///
  /// @param taken by others
  /// @param rank how many others move at the same time and choose before this one
  void move(int[] taken, int rank) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment allowed = arena.allocate(MASK_BYTES, Long.BYTES);
      MemorySegment one = arena.allocate(MASK_BYTES, Long.BYTES);
      if ((int) NativeCalls.call(getMask, 0, MASK_BYTES, allowed.address()) < 0) {
        return;
      }
      int before = rank;
      for (int cpu = 0; cpu < MASK_BYTES * Byte.SIZE; cpu++) {
        if (has(allowed, cpu) && !contains(taken, cpu) && before-- == 0) {
          one.setAtIndex(JAVA_LONG, cpu / Long.SIZE, 1L << cpu % Long.SIZE);
          NativeCalls.call(setMask, 0, MASK_BYTES, one.address());
          NativeCalls.call(setMask, 0, MASK_BYTES, allowed.address());
          return;
        }
      }
    }
  }

  private static boolean has(MemorySegment mask, int cpu) {
    return (mask.getAtIndex(JAVA_LONG, cpu / Long.SIZE) >>> cpu % Long.SIZE & 1) == 1;
  }

  private static boolean contains(int[] values, int value) {
    for (int v : values) {
      if (v == value) {
        return true;
      }
    }
    return false;
  }
}
