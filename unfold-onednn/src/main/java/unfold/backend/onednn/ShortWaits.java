package unfold.backend.onednn;

import java.lang.foreign.Arena;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.util.Optional;
import unfold.memory.NativeCalls;

/// Lets the threads of GNU OpenMP wait for each other by spinning for about 100 µs only, and sleep
/// after that.
///
/// By itself libgomp spins 300,000 times, which takes milliseconds. Alone on the machine that does
/// no harm; but where anything else wants a processor, a thread that has nothing to do keeps the
/// one that all wait for from running, for a time slice in each of a step's many loops: of two
/// trainings of LeNet-5 at once on two processors each ran at a fiftieth of its speed. With short
/// waits each runs at nearly half. Threads that sleep so soon have to be woken where there is room,
/// which [Gathering] sees to.
///
/// libgomp reads its settings from the environment when it is loaded, and from nowhere else.
final class ShortWaits {
  static final String VARIABLE = "GOMP_SPINCOUNT";

  /// As few as cost nothing where we are alone. With 1,000 threads fall asleep while the caller
  /// works between two loops, and sampling loses a third of its speed; with 300 training does too.
  static final String SPINS = "5000";

  /// Says how to wait in words, and loses against a count that is given.
  private static final String POLICY = "OMP_WAIT_POLICY";

  private ShortWaits() {}

  /// To be called before libgomp is loaded. Does nothing where the user has said how to wait, or
  /// where the system has no `setenv`.
  static void set() {
    if (System.getenv(VARIABLE) != null || System.getenv(POLICY) != null) {
      return;
    }
    SymbolLookup system = Linker.nativeLinker().defaultLookup();
    Optional<MemorySegment> setenv = system.find("setenv");
    if (setenv.isEmpty()) {
      return;
    }
    try (Arena arena = Arena.ofConfined()) {
      long name = arena.allocateFrom(VARIABLE).address();
      long value = arena.allocateFrom(SPINS).address();
      NativeCalls.call(setenv.get(), name, value);
    }
  }
}
