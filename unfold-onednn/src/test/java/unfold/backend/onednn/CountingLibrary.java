package unfold.backend.onednn;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/// A library that counts the calls of some functions on their way to another.
final class CountingLibrary implements SymbolLookup {
  private final SymbolLookup library;
  private final Map<String, Integer> arguments;
  private final Map<String, AtomicLong> counts = new ConcurrentHashMap<>();
  private final Map<String, MemorySegment> stubs = new ConcurrentHashMap<>();

  /// @param arguments number of arguments (all integers) of the functions to count
  CountingLibrary(SymbolLookup library, Map<String, Integer> arguments) {
    this.library = library;
    this.arguments = arguments;
  }

  long calls(String function) {
    return counts.getOrDefault(function, new AtomicLong()).get();
  }

  @Override
  public Optional<MemorySegment> find(String name) {
    Integer count = arguments.get(name);
    return count == null
        ? library.find(name)
        : Optional.of(stubs.computeIfAbsent(name, n -> stub(n, count)));
  }

  private MemorySegment stub(String name, int count) {
    var longs = Collections.nCopies(count, JAVA_LONG).toArray(MemoryLayout[]::new);
    var descriptor = FunctionDescriptor.of(JAVA_LONG, longs);
    var counter = counts.computeIfAbsent(name, _ -> new AtomicLong());
    try {
      MethodHandle increment =
          MethodHandles.lookup()
              .findVirtual(AtomicLong.class, "incrementAndGet", MethodType.methodType(long.class))
              .bindTo(counter)
              .asType(MethodType.methodType(void.class));
      MethodHandle counted =
          MethodHandles.foldArguments(
              Linker.nativeLinker().downcallHandle(library.findOrThrow(name), descriptor),
              increment);
      return Linker.nativeLinker().upcallStub(counted, descriptor, Arena.global());
    } catch (ReflectiveOperationException e) {
      throw new AssertionError(e);
    }
  }
}
