package unfold.cli;

import java.nio.file.Path;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import unfold.config.Precision;
import unfold.engine.Settings;
import unfold.model.ChordModel;
import unfold.train.RunConfig;
import unfold.train.RunFolder;
import unfold.train.Score;
import unfold.train.Stop;
import unfold.train.Trainer;
import unfold.train.music.Listener;
import unfold.train.music.Music;
import unfold.train.music.MusicSubject;
import unfold.zoo.sequence.ChordRnn;

/// What commands have in common that train or ask a network for music.
final class MusicRuns {
  private MusicRuns() {}

  private static ChordModel model(RunConfig config) {
    return ChordRnn.model(config.model().options());
  }

  static MusicSubject subject(RunConfig config) {
    return MusicSubject.open(config, model(config));
  }

  /// How well the test pieces of a run's data are foretold.
  static Score test(RunFolder run, @Nullable Precision precision) {
    Settings same = run.same(Settings.defaults());
    var listener =
        Listener.open(
            run, model(run.config()), precision == null ? same : same.precision(precision));
    return listener.measure(Music.read(Path.of(run.config().music().source())).test());
  }

  /// A sitting, and at its end the test.
  ///
  /// @return the exit status
  static int run(Trainer trainer, RunFolder folder, CommandLine command, Stop stop, boolean json) {
    var sitting = Sitting.of(trainer, folder, command, stop);
    sitting.tellIfStopped(Sitting.nats("a step"));
    Json result = sitting.result();
    sitting.history().best().ifPresent(best -> result.with("best_epoch", best.epoch()));
    if (sitting.ended()) {
      add(test(folder, null), result, json);
    }
    return sitting.end("", json);
  }

  /// Adds the figures of the test, or prints them.
  static void add(Score test, Json to, boolean json) {
    to.with("steps", test.items()).with("nats_per_step", test.loss());
    if (!json) {
      System.out.printf(
          Locale.ROOT, "test: %.4f nats a step over %,d steps%n", test.loss(), test.items());
    }
  }
}
