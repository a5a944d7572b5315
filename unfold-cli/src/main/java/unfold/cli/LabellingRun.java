package unfold.cli;

import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;
import picocli.CommandLine;
import unfold.engine.Settings;
import unfold.train.Advice;
import unfold.train.Console;
import unfold.train.Curve;
import unfold.train.Outcome;
import unfold.train.RunConfig;
import unfold.train.RunFolder;
import unfold.train.Stop;
import unfold.train.Trainer;

/// A sitting of a run that learns to label sequences or their parts, or to foretell words, with
/// what is printed before and after.
final class LabellingRun {
  private final RunFolder folder;
  private final CommandLine command;
  private final boolean json;

  LabellingRun(RunFolder folder, CommandLine command, boolean json) {
    this.folder = folder;
    this.command = command;
    this.json = json;
  }

  /// @param test measures the best network at last, prints it and adds it to the result
  /// @return the exit status
  int run(Trainer trainer, Stop stop, Consumer<Json> test) {
    Outcome outcome =
        trainer
            .settings(Settings.defaults())
            .reporter(Console.standard())
            .command(String.join(" ", command.getParseResult().originalArgs()))
            .run(stop);
    var history = outcome.history();
    if (history.size() > 1) {
      System.err.print(Curve.of(folder.config().model().name(), history).text());
    }
    Map<String, String> options = folder.config().model().options();
    String words = options.getOrDefault("vocabulary", "2");
    int classes = Integer.parseInt(options.getOrDefault("classes", words));
    Advice.of(history, classes).forEach(line -> System.err.println("advice: " + line));
    outcome
        .stopped()
        .ifPresent(s ->
            System.err.printf(
                Locale.ROOT,
                "stopped and saved: accuracy %.2f %% at this moment; go on with"
                    + " ./unfold train --resume %s%n",
                100 * s.accuracy(),
                folder.path()));
    var result = new Json().with("run", folder.path().toString());
    result.with("end", outcome.end().name().toLowerCase(Locale.ROOT));
    result.with("epochs", history.size());
    history.best().ifPresent(best -> result.with("best_epoch", best.epoch()));
    RunConfig.Limits limits = folder.config().limits();
    if (outcome.end() != Outcome.End.STOPPED
        && limits.batches() == 0
        && limits.overfitBatches() == 0) {
      test.accept(result);
    }
    System.err.println("saved in " + folder.path());
    if (json) {
      result.print();
    }
    return outcome.end() == Outcome.End.STOPPED ? 130 : 0;
  }
}
