package unfold.cli;

import java.util.Locale;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import unfold.config.Precision;
import unfold.engine.Settings;
import unfold.model.FrameLabeller;
import unfold.train.RunConfig;
import unfold.train.RunFolder;
import unfold.train.Score;
import unfold.train.Stop;
import unfold.train.Trainer;
import unfold.train.video.VideoSubject;
import unfold.train.video.Watcher;
import unfold.zoo.sequence.VideoRnn;

/// What commands have in common that train or ask a network for films.
final class VideoRuns {
  private VideoRuns() {}

  static FrameLabeller model(RunConfig config) {
    return VideoRnn.model(config.model().options());
  }

  static VideoSubject subject(RunConfig config) {
    return VideoSubject.open(config, model(config));
  }

  static Watcher watcher(RunFolder run, @Nullable Precision precision) {
    Watcher found = Watcher.open(run, model(run.config()), Settings.defaults());
    return precision == null ? found : found.precision(precision);
  }

  /// A sitting, and at its end the test.
  static int run(Trainer trainer, RunFolder folder, CommandLine command, Stop stop, boolean json) {
    return new LabellingRun(folder, command, json)
        .run(
            trainer,
            stop,
            result -> {
              Watcher.Measured m =
                  watcher(folder, null).measure(VideoSubject.test(folder.config()));
              add(m, result);
              if (!json) {
                print(m, "test");
              }
            });
  }

  static void add(Watcher.Measured m, Json to) {
    to.with("frames", m.all().items());
    to.with("accuracy", m.all().accuracy());
    m.lit().ifPresent(s -> to.with("accuracy_lit", s.accuracy()));
    m.dark().ifPresent(s -> to.with("accuracy_dark", s.accuracy()));
    to.with("loss", m.all().loss());
  }

  static void print(Watcher.Measured m, String what) {
    System.out.printf(
        Locale.ROOT,
        "%s: accuracy %s on %,d frames (loss %.4f)%s%s%n",
        what,
        percent(m.all()),
        m.all().items(),
        m.all().loss(),
        m.lit().map(s -> "; " + percent(s) + " where the digit is seen").orElse(""),
        m.dark().map(s -> ", " + percent(s) + " in the dark").orElse(""));
  }

  private static String percent(Score score) {
    return String.format(Locale.ROOT, "%.2f %%", 100 * score.accuracy());
  }
}
