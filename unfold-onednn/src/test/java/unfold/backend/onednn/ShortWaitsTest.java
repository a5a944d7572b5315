package unfold.backend.onednn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.lang.foreign.Arena;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import unfold.memory.NativeCalls;

@EnabledOnOs(OS.LINUX)
final class ShortWaitsTest {
  /// What native code finds; Java keeps the variables it was started with.
  private static String environment(String name) throws Throwable {
    var getenv = Linker.nativeLinker().defaultLookup().findOrThrow("getenv");
    try (var arena = Arena.ofConfined()) {
      long text =
          (long)
              NativeCalls.FEW.invokeExact(getenv, arena.allocateFrom(name).address(), 0L, 0L, 0L);
      return text == 0
          ? "(not set)"
          : MemorySegment.ofAddress(text).reinterpret(Integer.MAX_VALUE).getString(0);
    }
  }

  @Test
  void areSetForWhatIsLoadedLater() throws Throwable {
    assumeTrue(System.getenv("OMP_WAIT_POLICY") == null);
    ShortWaits.set();
    String users = System.getenv(ShortWaits.VARIABLE);
    assertThat(environment(ShortWaits.VARIABLE))
        .isEqualTo(users == null ? ShortWaits.SPINS : users);
  }
}
