package unfold.cli;

import java.util.Locale;
import picocli.CommandLine;
import unfold.train.RunFolder;
import unfold.train.Stop;
import unfold.train.Trainer;
import unfold.train.text.TextAdvice;

/// A sitting of a run on a text, with what is printed before and after.
final class TextRun {
  private TextRun() {}

  /// @return the exit status
  static int run(Trainer trainer, RunFolder folder, CommandLine command, Stop stop, boolean json) {
    var sitting = Sitting.of(trainer, folder, command, stop);
    sitting.advise(TextAdvice.of(folder, sitting.history()));
    sitting.tellIfStopped(Sitting.nats("per character"));
    Json result = sitting.result();
    sitting
        .history()
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
    return sitting.end("; let it write: ./unfold generate " + folder.path(), json);
  }
}
