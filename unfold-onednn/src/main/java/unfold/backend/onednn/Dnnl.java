package unfold.backend.onednn;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.util.Optional;
import java.util.OptionalLong;
import unfold.error.GraphException;
import unfold.memory.NativeCalls;

/// The C functions of a loaded libdnnl, with one engine and one stream.
///
/// Every native handle is a `long`. Functions without floating-point arguments go through
/// [NativeCalls], the others through [FloatCalls].
final class Dnnl {
  private final SymbolLookup library;
  private final FloatCalls floats;
  private final MemorySegment execute;
  private final Optional<MemorySegment> setThreads;
  private final long engine;
  private final long stream;
  private Team team = new Team(-1, 0);

  /// A Java thread and the number of threads that its native calls use.
  private record Team(long thread, int threads) {}

  /// @throws GraphException if the library lacks a function or refuses to make an engine
  Dnnl(SymbolLookup library) {
    this.library = library;
    this.floats = new FloatCalls(this);
    this.execute = function("dnnl_primitive_execute");
    this.setThreads = library.find("omp_set_num_threads");
    this.engine = create("an engine for the CPU", "dnnl_engine_create", Constants.CPU, 0);
    this.stream = create("a stream", "dnnl_stream_create", engine, Constants.STREAM_IN_ORDER);
  }

  MemorySegment function(String name) {
    return library
        .find(name)
        .orElseThrow(() -> new GraphException("oneDNN: the library has no function " + name));
  }

  FloatCalls floats() {
    return floats;
  }

  /// Lets native calls of this Java thread use that many threads. OpenMP keeps the number by
  /// thread, and oneDNN plans with it and runs with it.
  void useThreads(int threads) {
    long current = Thread.currentThread().threadId();
    if (team.thread() != current || team.threads() != threads) {
      setThreads.ifPresent(f -> NativeCalls.call(f, threads));
      team = new Team(current, threads);
    }
  }

  /// The number last given to [#useThreads].
  int threads() {
    return team.threads();
  }

  /// Whether the CPU has these instructions, and nobody has forbidden them.
  boolean has(int isa) {
    return ((int) call("dnnl_get_effective_cpu_isa") & isa) == isa;
  }

  long engine() {
    return engine;
  }

  /// Calls a function and returns its result, for `int` results in the low half.
  long call(String function, long... a) {
    return NativeCalls.call(function(function), a);
  }

  /// Calls a function that returns a status, which must be success.
  ///
  /// @param what what is wanted of oneDNN, for the message
  void check(String what, String function, long... arguments) {
    check(what, (int) call(function, arguments));
  }

  static void check(String what, int status) {
    if (status != Constants.SUCCESS) {
      throw new GraphException("oneDNN refused " + what + ": " + Constants.status(status));
    }
  }

  /// Calls a function whose first argument is where it writes a handle, and which must succeed.
  long create(String what, String function, long... rest) {
    try (var arena = Arena.ofConfined()) {
      var out = arena.allocate(JAVA_LONG);
      check(what, function, prepend(out.address(), rest));
      return out.get(JAVA_LONG, 0);
    }
  }

  /// A call that writes a handle and returns a status.
  interface Creation {
    int status(long out);
  }

  /// The handle that a call writes; empty if oneDNN has no implementation of what is asked.
  static OptionalLong ifImplemented(String what, Creation call) {
    try (var arena = Arena.ofConfined()) {
      var out = arena.allocate(JAVA_LONG);
      int status = call.status(out.address());
      if (status == Constants.UNIMPLEMENTED) {
        return OptionalLong.empty();
      }
      check(what, status);
      return OptionalLong.of(out.get(JAVA_LONG, 0));
    }
  }

  /// The same for a function without floating-point arguments.
  OptionalLong ifImplemented(String what, String function, long... rest) {
    return ifImplemented(what, out -> (int) call(function, prepend(out, rest)));
  }

  private static long[] prepend(long first, long[] rest) {
    long[] all = new long[rest.length + 1];
    all[0] = first;
    System.arraycopy(rest, 0, all, 1, rest.length);
    return all;
  }

  /// Runs a primitive and returns the status: the one call of the hot path.
  int execute(long primitive, int arguments, long argumentArray) {
    try {
      return (int)
          (long)
              NativeCalls.FEW.invokeExact(
                  execute, primitive, stream, (long) arguments, argumentArray);
    } catch (Throwable e) {
      throw new AssertionError(e);
    }
  }

  /// The library's version, major·100 + minor.
  int version() {
    var numbers = MemorySegment.ofAddress(call("dnnl_version")).reinterpret(2L * Integer.BYTES);
    return numbers.get(JAVA_INT, 0) * 100 + numbers.get(JAVA_INT, Integer.BYTES);
  }
}
