package unfold.memory;

import java.lang.foreign.Arena;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.util.Optional;

/// Memory in pages of 2 MiB, straight from Linux. Pages are zero and come into being when they are
/// touched; in a virtual machine that costs about 10 µs a page of either size, so that a GiB is
/// there in 0.1 to 2 s instead of 3.5.
///
/// Only where native access is enabled (`--enable-native-access`); others take what Java gives.
@SuppressWarnings("restricted")
final class HugePages {
  private static final long PAGE_BYTES = 2 << 20;

  // linux/mman.h, the same on x86-64 and arm64
  private static final int PROT_READ_WRITE = 1 | 2;
  private static final int MAP_PRIVATE_ANONYMOUS = 0x02 | 0x20;
  private static final int MADV_HUGEPAGE = 14;
  private static final long MAP_FAILED = -1;

  private static final Optional<Calls> CALLS = calls();

  private record Calls(MemorySegment mmap, MemorySegment munmap, MemorySegment madvise) {}

  private HugePages() {}

  /// Memory that is unmapped when the arena closes; empty for small sizes and on other systems.
  static Optional<MemorySegment> allocate(long bytes, Arena arena) {
    return bytes < PAGE_BYTES ? Optional.empty() : CALLS.flatMap(c -> map(c, bytes, arena));
  }

  private static Optional<Calls> calls() {
    if (!System.getProperty("os.name", "").equals("Linux")
        || !HugePages.class.getModule().isNativeAccessEnabled()) {
      return Optional.empty();
    }
    var system = Linker.nativeLinker().defaultLookup();
    return Optional.of(
        new Calls(
            system.findOrThrow("mmap"),
            system.findOrThrow("munmap"),
            system.findOrThrow("madvise")));
  }

  /// Maps one page more than needed and begins at the first whole one.
  private static Optional<MemorySegment> map(Calls calls, long bytes, Arena arena) {
    long length = (bytes + 2 * PAGE_BYTES - 1) & -PAGE_BYTES;
    long mapped =
        NativeCalls.call(calls.mmap, 0, length, PROT_READ_WRITE, MAP_PRIVATE_ANONYMOUS, -1, 0);
    if (mapped == MAP_FAILED) {
      return Optional.empty();
    }
    long start = (mapped + PAGE_BYTES - 1) & -PAGE_BYTES;
    // refused where the kernel has no huge pages; ordinary ones do as well
    long whole = (bytes + PAGE_BYTES - 1) & -PAGE_BYTES;
    long _ = NativeCalls.call(calls.madvise, start, whole, MADV_HUGEPAGE);
    return Optional.of(
        MemorySegment.ofAddress(start)
            .reinterpret(bytes, arena, _ -> NativeCalls.call(calls.munmap, mapped, length)));
  }
}
