package unfold.cli;

import java.util.Locale;
import picocli.CommandLine;
import unfold.engine.Settings;
import unfold.train.Console;
import unfold.train.Curve;
import unfold.train.Outcome;
import unfold.train.RunFolder;
import unfold.train.Stop;
import unfold.train.Trainer;
import unfold.train.text.TextAdvice;

/// A sitting of a run on a text, with what is printed before and after.
final class TextRun {
  private TextRun() {}

  /// @return the exit status
  static int run(Trainer trainer, RunFolder folder, CommandLine command, Stop stop, boolean json) {
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
    TextAdvice.of(folder, history).forEach(line -> System.err.println("advice: " + line));
    outcome
        .stopped()
        .ifPresent(s ->
            System.err.printf(
                Locale.ROOT,
                "stopped and saved: %.4f nats per character at this moment; go on with"
                    + " ./unfold train --resume %s%n",
                s.loss(),
                folder.path()));
    var result = new Json().with("run", folder.path().toString());
    result.with("end", outcome.end().name().toLowerCase(Locale.ROOT));
    result.with("epochs", history.size());
    history
        .best()
        .ifPresent(best -> {
          var s = best.judged();
          System.err.printf(
              Locale.ROOT,
              "best epoch %d: %.4f nats (%.4f bits) per character, perplexity %.3f%n",
              best.epoch(),
              s.loss(),
              s.bits(),
              s.perplexity());
          result
              .with("best_epoch", best.epoch())
              .with("characters", s.items())
              .with("nats_per_character", s.loss())
              .with("bits_per_character", s.bits())
              .with("perplexity", s.perplexity());
        });
    System.err.println(
        "saved in " + folder.path() + "; let it write: ./unfold generate " + folder.path());
    if (json) {
      result.print();
    }
    return outcome.end() == Outcome.End.STOPPED ? 130 : 0;
  }
}
