package unfold.backend.onednn;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;
import java.util.Collections;
import java.util.Optional;
import java.util.OptionalLong;
import unfold.error.GraphException;

/// The C functions of a loaded libdnnl, with one engine and one stream.
///
/// Every native handle is a `long`. Linking a signature costs milliseconds of start-up, so all
/// functions without floating-point arguments share two: in the calling conventions of the
/// platforms that have a libdnnl (System V, Windows x64, AAPCS64 and Apple's) a function may be
/// given more integer arguments than it reads, an `int` may be passed as a `long`, and the low half
/// of the result register is an `int` result. Functions with floating-point arguments are in
/// [FloatCalls].
final class Dnnl {
  /// A function of up to four integers.
  static final MethodHandle FEW = integers(4);

  private static final class Many {
    /// As many arguments as the longest function has.
    static final MethodHandle HANDLE = integers(13);
  }

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

  private static MethodHandle integers(int count) {
    var arguments = Collections.nCopies(count, JAVA_LONG).toArray(MemoryLayout[]::new);
    return Linker.nativeLinker().downcallHandle(FunctionDescriptor.of(JAVA_LONG, arguments));
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
      setThreads.ifPresent(f -> call(f, threads));
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
    return call(function(function), a);
  }

  /// So too, of any library.
  static long call(MemorySegment f, long... a) {
    try {
      if (a.length <= 4) {
        return (long) FEW.invokeExact(f, at(a, 0), at(a, 1), at(a, 2), at(a, 3));
      }
      return (long)
          Many.HANDLE.invokeExact(
              f, a[0], a[1], a[2], a[3], a[4], at(a, 5), at(a, 6), at(a, 7), at(a, 8), at(a, 9),
              at(a, 10), at(a, 11), at(a, 12));
    } catch (Throwable e) {
      throw new AssertionError(e);
    }
  }

  private static long at(long[] a, int i) {
    return i < a.length ? a[i] : 0;
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
          (long) FEW.invokeExact(execute, primitive, stream, (long) arguments, argumentArray);
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
