package unfold.cli;

import java.nio.file.Path;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import unfold.config.Precision;
import unfold.engine.Settings;
import unfold.train.RunConfig;
import unfold.train.RunFolder;
import unfold.train.Stop;
import unfold.train.Trainer;
import unfold.train.translate.PairSubject;
import unfold.train.translate.Translator;
import unfold.zoo.sequence.Translation;

/// What commands have in common that train or ask a network that translates.
final class TranslationRuns {
  private TranslationRuns() {}

  /// A subject from the config of a run.
  static PairSubject subject(RunConfig config) {
    return PairSubject.open(config, Translation.model(config.model().options()));
  }

  /// @param precision without, that of the run
  static Translator translator(Path folder, @Nullable Precision precision) {
    RunFolder run = RunFolder.open(folder);
    run.config().pairs();
    Settings same = run.same(Settings.defaults());
    return Translator.open(
        run,
        Translation.model(run.config().model().options()),
        precision == null ? same : same.precision(precision));
  }

  /// @return the exit status
  static int run(Trainer trainer, RunFolder folder, CommandLine command, Stop stop, boolean json) {
    var sitting = Sitting.of(trainer, folder, command, stop);
    sitting.tellIfStopped(Sitting.nats("per word"));
    Json result = sitting.result();
    sitting
        .history()
        .best()
        .ifPresent(best -> {
          var s = best.judged();
          System.err.printf(
              Locale.ROOT,
              "best epoch %d: %.4f nats per word, perplexity %.3f%n",
              best.epoch(),
              s.loss(),
              s.perplexity());
          result
              .with("best_epoch", best.epoch())
              .with("words", s.items())
              .with("nats_per_word", s.loss())
              .with("perplexity", s.perplexity());
        });
    return sitting.end("; let it translate: ./unfold translate " + folder.path(), json);
  }
}
