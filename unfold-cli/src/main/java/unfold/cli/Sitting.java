package unfold.cli;

import java.util.Locale;
import java.util.function.Function;
import picocli.CommandLine;
import unfold.engine.Settings;
import unfold.train.Advice;
import unfold.train.Console;
import unfold.train.Curve;
import unfold.train.History;
import unfold.train.Outcome;
import unfold.train.RunConfig;
import unfold.train.RunFolder;
import unfold.train.Score;
import unfold.train.Stop;
import unfold.train.Trainer;

/// A sitting of a run, whatever it learns: what is printed behind it, and its result for `--json`.
final class Sitting {
  private final RunFolder folder;
  private final Outcome outcome;
  private final Json result;

  private Sitting(RunFolder folder, Outcome outcome) {
    this.folder = folder;
    this.outcome = outcome;
    this.result =
        new Json()
            .with("run", folder.path().toString())
            .with("end", outcome.end().name().toLowerCase(Locale.ROOT))
            .with("epochs", outcome.history().size());
  }

  /// Trains until the run ends or is stopped, and draws its curve.
  static Sitting of(Trainer trainer, RunFolder folder, CommandLine command, Stop stop) {
    Outcome outcome =
        trainer
            .settings(Settings.defaults())
            .reporter(Console.standard())
            .command(String.join(" ", command.getParseResult().originalArgs()))
            .run(stop);
    if (outcome.history().size() > 1) {
      System.err.print(Curve.of(folder.config().model().name(), outcome.history()).text());
    }
    return new Sitting(folder, outcome);
  }

  History history() {
    return outcome.history();
  }

  Json result() {
    return result;
  }

  /// Whether it came to its end.
  boolean ended() {
    return outcome.end() != Outcome.End.STOPPED;
  }

  /// Whether its data were cut short, so that there is nothing to measure at the end.
  boolean dry() {
    RunConfig.Limits limits = folder.config().limits();
    return limits.batches() > 0 || limits.overfitBatches() > 0;
  }

  /// Prints lines of advice.
  void advise(Iterable<String> lines) {
    lines.forEach(line -> System.err.println("advice: " + line));
  }

  /// Prints the advice for a network that tells classes apart.
  void advise(int classes) {
    advise(Advice.of(history(), classes));
  }

  /// If it was stopped, says so.
  ///
  /// @param figure of the score at that moment: `accuracy 97.12 %`
  void tellIfStopped(Function<Score, String> figure) {
    outcome
        .stopped()
        .ifPresent(s ->
            System.err.printf(
                "stopped and saved: %s at this moment; go on with ./unfold train --resume %s%n",
                figure.apply(s), folder.path()));
  }

  /// The figure of [#tellIfStopped] for networks that tell classes apart.
  static String accuracy(Score s) {
    return String.format(Locale.ROOT, "accuracy %.2f %%", 100 * s.accuracy());
  }

  /// The figure of [#tellIfStopped] for networks that foretell.
  ///
  /// @param each what is counted: `per word`
  static Function<Score, String> nats(String each) {
    return s -> String.format(Locale.ROOT, "%.4f nats %s", s.loss(), each);
  }

  /// Says where the run is and prints the result.
  ///
  /// @param next what can be done with it, behind the folder's name
  /// @return the exit status
  int end(String next, boolean json) {
    System.err.println("saved in " + folder.path() + next);
    if (json) {
      result.print();
    }
    return ended() ? 0 : 130;
  }
}
