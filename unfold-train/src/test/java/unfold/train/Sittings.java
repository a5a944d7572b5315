package unfold.train;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import unfold.config.Knobs;
import unfold.config.Precision;
import unfold.engine.Settings;
import unfold.interop.safetensors.SafetensorsReader;

/// Runs of any subject with the reference backend, stopped and resumed.
public final class Sittings {
  private Sittings() {}

  public static Settings settings() {
    return Settings.defaults()
        .backends("reference")
        .precision(Precision.F32)
        .threads(1)
        .tuning(Knobs.Tuning.OFF);
  }

  public static Trainer start(Path run, RunConfig config, Subject.Source source) {
    return Trainer.start(RunFolder.create(run), config, source).settings(settings());
  }

  /// A run that is stopped after each of these steps and then resumed ends in the same weights,
  /// states and scores as one that was never stopped.
  public static void assertResumesToTheSameBits(
      Path temp, RunConfig config, Subject.Source source, int... steps) {
    Path whole = temp.resolve("whole");
    start(whole, config, source).run(new Stop());
    for (int k : steps) {
      Path stopped = temp.resolve("stopped-" + k);
      var stop = new Stop();
      start(stopped, config, source).reporter(new After(k, stop)).run(stop);
      assertThat(RunFolder.open(stopped).history().size())
          .isLessThan(RunFolder.open(whole).history().size());
      Outcome resumed =
          Trainer.resume(RunFolder.open(stopped), source).settings(settings()).run(new Stop());
      assertThat(resumed.end()).isEqualTo(Outcome.End.FINISHED);
      for (String file : List.of("last.safetensors", "best.safetensors")) {
        assertThat(bits(stopped.resolve(file)))
            .as("%s after step %d", file, k)
            .isEqualTo(bits(whole.resolve(file)));
      }
      assertThat(scores(stopped)).isEqualTo(scores(whole));
    }
  }

  private static Map<String, List<Double>> bits(Path file) {
    var all = new TreeMap<String, List<Double>>();
    SafetensorsReader.read(file)
        .tensors()
        .forEach((name, t) -> all.put(name, Arrays.stream(t.toDoubles()).boxed().toList()));
    assertThat(all).isNotEmpty();
    return all;
  }

  private static List<Object> scores(Path run) {
    return RunFolder.open(run).history().epochs().stream()
        .<Object>map(r -> List.of(r.train(), r.validation(), r.clipped(), r.rate()))
        .toList();
  }

  /// Wishes a stop after so many steps.
  private static final class After implements Reporter {
    private final Stop stop;
    private int left;

    After(int steps, Stop stop) {
      this.left = steps;
      this.stop = stop;
    }

    @Override
    public void note(String line) {}

    @Override
    public void begin(Counted counted, int epoch, int epochs, long done, long total) {}

    @Override
    public void step(long done, double loss) {
      if (--left == 0) {
        stop.wish();
      }
    }

    @Override
    public void epoch(EpochRecord record, boolean best) {}

    @Override
    public void sample(long step, String made) {}
  }
}
