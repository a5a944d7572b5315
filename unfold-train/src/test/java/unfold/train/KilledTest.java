package unfold.train;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import unfold.train.Outcome.End;

/// Processes that are really killed.
final class KilledTest {
  private static final int EPOCHS = 4;
  private static final long WAITS_AFTER = 20;
  private static final String OPTIMIZER = "adam(0.01)";

  @TempDir private Path temp;

  /// Trains in the folder given, saving after every step, and prints each step's number. Does not
  /// come to the end by itself.
  static final class Child {
    private Child() {}

    public static void main(String[] args) {
      Path folder = Path.of(args[0]);
      try (var stop = Stop.onInterrupt()) {
        Outcome outcome =
            Tiny.start(folder, Tiny.config(EPOCHS, OPTIMIZER))
                .reporter(new Heard(steps -> tell(steps, stop)))
                .checkpoints(Duration.ZERO)
                .run(stop);
        System.out.println(outcome.end());
      }
    }

    private static void tell(long steps, Stop stop) {
      System.out.println("step " + steps);
      while (steps == WAITS_AFTER && !stop.wished()) {
        LockSupport.parkNanos(1_000_000);
      }
    }
  }

  @Test
  void aRunKilledWithoutWarningEndsInTheSameBits() throws Exception {
    Path killed = temp.resolve("killed");
    Process child = child(killed);
    waitFor(child, "step 10");
    child.destroyForcibly().waitFor();
    assertThat(Checkpoint.read(killed.resolve("last.safetensors")).position().step())
        .isBetween(9L, WAITS_AFTER);

    assertThat(Tiny.resume(killed).run(new Stop()).end()).isEqualTo(End.FINISHED);

    ResumeTest.assertSame(killed, whole());
  }

  @Test
  void aRunThatIsAskedToEndSavesAndLeavesWithTheSignalsCode() throws Exception {
    Path stopped = temp.resolve("stopped");
    Process child = child(stopped);
    waitFor(child, "step 10");
    // Not child.destroy(): that closes our end of its output.
    child.toHandle().destroy();
    List<String> rest = child.inputReader().lines().toList();
    assertThat(child.waitFor(30, TimeUnit.SECONDS)).isTrue();
    assertThat(child.exitValue()).isEqualTo(128 + 15);
    assertThat(rest).contains("STOPPED");

    assertThat(Tiny.resume(stopped).run(new Stop()).end()).isEqualTo(End.FINISHED);

    ResumeTest.assertSame(stopped, whole());
  }

  private Path whole() {
    Path whole = temp.resolve("whole");
    Tiny.start(whole, Tiny.config(EPOCHS, OPTIMIZER)).run(new Stop());
    return whole;
  }

  private static Process child(Path folder) throws IOException {
    return new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-XX:TieredStopAtLevel=1",
            "--enable-native-access=ALL-UNNAMED",
            "-cp",
            System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
            Child.class.getName(),
            folder.toString())
        .redirectError(ProcessBuilder.Redirect.INHERIT)
        .start();
  }

  private static void waitFor(Process child, String line) throws IOException {
    String read;
    do {
      read = child.inputReader().readLine();
      assertThat(read).as("output of the run before '%s'", line).isNotNull();
    } while (!read.equals(line));
  }
}
