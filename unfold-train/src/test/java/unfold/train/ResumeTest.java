package unfold.train;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import unfold.interop.safetensors.SafetensorsReader;
import unfold.train.Outcome.End;

/// A run that was stopped and resumed leaves the files of one that was never stopped.
final class ResumeTest {
  private static final int EPOCHS = 3;

  @TempDir private Path folder;

  @ParameterizedTest
  @ValueSource(strings = {"sgd(0.1,momentum=0.9,decay=1e-4)", "adam(0.01)"})
  void aRunStoppedAnywhereEndsInTheBitsOfOneThatWasNot(String optimizer) {
    RunConfig config = Tiny.config(EPOCHS, optimizer);
    Path whole = folder.resolve("whole");
    assertThat(Tiny.start(whole, config).run(new Stop()).end()).isEqualTo(End.FINISHED);
    // After the first step, within epochs, at the end of one, at the start of one, before the last.
    for (int k : new int[] {1, 4, 6, 7, 12, 17}) {
      Path stopped = folder.resolve("stopped-" + k);
      stopAfter(Tiny.start(stopped, config), k);
      assertThat(Tiny.resume(stopped).run(new Stop()).end()).isEqualTo(End.FINISHED);
      assertSame(stopped, whole);
    }
  }

  @Test
  void aRunStoppedAfterEveryStepEndsInTheSameBits() {
    RunConfig config =
        Tiny.config(EPOCHS, "adam(0.01)")
            .recipe(Tiny.config(EPOCHS, "adam(0.01)").recipe().schedule("plateau(0.5,patience=0)"));
    Path whole = folder.resolve("whole");
    Tiny.start(whole, config).run(new Stop());
    Path stopped = folder.resolve("stopped");
    Outcome outcome = stopAfter(Tiny.start(stopped, config), 1);
    int sittings = 1;
    while (outcome.end() != End.FINISHED) {
      outcome = stopAfter(Tiny.resume(stopped), 1);
      sittings++;
    }
    assertThat(sittings).isEqualTo(EPOCHS * Tiny.STEPS);
    assertSame(stopped, whole);
    assertThat(RunFolder.open(stopped).provenance().orElseThrow().sittings()).hasSize(sittings);
  }

  @Test
  void aRunThatWasNeverSavedBeginsAnew() {
    RunConfig config = Tiny.config(1, "sgd(0.1)");
    Path whole = folder.resolve("whole");
    Tiny.start(whole, config).run(new Stop());
    Path killed = folder.resolve("killed");
    RunFolder.create(killed).write(config);
    Tiny.resume(killed).run(new Stop());
    assertSame(killed, whole);
  }

  static Outcome stopAfter(Trainer trainer, long steps) {
    var stop = new Stop();
    var heard =
        new Heard(done -> {
          if (done == steps) {
            stop.wish();
          }
        });
    return trainer.reporter(heard).run(stop);
  }

  static void assertSame(Path run, Path wanted) {
    assertThat(bits(run.resolve("last.safetensors")))
        .as("%s, last", run)
        .isEqualTo(bits(wanted.resolve("last.safetensors")));
    assertThat(bits(run.resolve("best.safetensors")))
        .as("%s, best", run)
        .isEqualTo(bits(wanted.resolve("best.safetensors")));
    assertThat(untimed(run)).as("%s, metrics", run).isEqualTo(untimed(wanted));
  }

  private static Map<String, List<Double>> bits(Path file) {
    var all = new TreeMap<String, List<Double>>();
    SafetensorsReader.read(file)
        .tensors()
        .forEach(
            (name, t) -> all.put(name, java.util.Arrays.stream(t.toDoubles()).boxed().toList()));
    assertThat(all).isNotEmpty();
    return all;
  }

  private static List<EpochRecord> untimed(Path run) {
    return RunFolder.open(run).history().epochs().stream()
        .map(r ->
            new EpochRecord(
                r.epoch(), r.step(), r.rate(), r.train(), r.validation(), r.clipped(), 0, 0))
        .toList();
  }
}
