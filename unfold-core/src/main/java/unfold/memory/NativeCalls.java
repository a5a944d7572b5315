package unfold.memory;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.util.Collections;

/// Calls of C functions without floating-point arguments, where native access is enabled
/// (`--enable-native-access`).
///
/// Linking a signature costs milliseconds of start-up, so all of them share two: in the calling
/// conventions of System V, Windows x64, AAPCS64 and Apple's a function may be given more integer
/// arguments than it reads, an `int` may be passed as a `long`, and the low half of the result
/// register is an `int` result.
@SuppressWarnings("restricted")
public final class NativeCalls {
  /// A function of up to four integers: its address, then four `long`, of which it reads as many as
  /// it has; gives a `long`. For calls that may not allocate; [#call] is easier.
  public static final MethodHandle FEW = integers(4);

  /// As many arguments as the longest function has that anybody here calls.
  private static final int MOST = 13;

  private static final class Many {
    static final MethodHandle HANDLE = integers(MOST);
  }

  private NativeCalls() {}

  private static MethodHandle integers(int count) {
    var arguments = Collections.nCopies(count, JAVA_LONG).toArray(MemoryLayout[]::new);
    return Linker.nativeLinker().downcallHandle(FunctionDescriptor.of(JAVA_LONG, arguments));
  }

  /// Calls a function and returns its result, for `int` results in the low half.
  ///
  /// @param a up to thirteen arguments
  public static long call(MemorySegment f, long... a) {
    if (a.length > MOST) {
      throw new IllegalArgumentException(
          a.length + " arguments, but at most " + MOST + " are passed");
    }
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

  /// Links both signatures, so that no later call waits for that.
  public static void link() {
    Object _ = FEW;
    Object _ = Many.HANDLE;
  }

  private static long at(long[] a, int i) {
    return i < a.length ? a[i] : 0;
  }
}
