package unfold.cli;

import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import unfold.train.RunConfig;
import unfold.train.RunFolder;
import unfold.train.Stop;
import unfold.train.Trainer;
import unfold.train.translate.Languages;
import unfold.train.translate.PairSubject;
import unfold.zoo.sequence.Translation;

/// `unfold train translate`
@Command(
    name = "translate",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {
      "Trains an encoder and a decoder, with or without attention, to translate sentences.",
    },
    footer = {
      "",
      "FOLDER holds train.de, train.en, val.de, val.en (and test.de, test.en to measure with): UTF-8"
          + " lines that are translations of each other, plain or .gz.",
      "",
      "Examples:",
      "  ./unfold train translate --data multi30k --source de --target en",
      "  ./unfold train translate --data multi30k --source de --target en --attention none",
      "  ./unfold train --resume runs/translate",
    })
final class TrainTranslateCommand implements Callable<Integer> {
  @CommandLine.Spec
  @SuppressWarnings("NullAway.Init") // set by picocli
  CommandLine.Model.CommandSpec spec;

  @Option(names = "--data", paramLabel = "FOLDER", required = true, description = "the sentences")
  String data = "";

  @Option(
      names = "--source",
      required = true,
      description = "language to read: ending of its files")
  String source = "";

  @Option(
      names = "--target",
      required = true,
      description = "language to write: ending of its files")
  String target = "";

  @Option(
      names = "--attention",
      description = {
        "dot, additive, or none (default: ${DEFAULT-VALUE}); without, the sentence is read from its"
            + " end",
      })
  String attention = "dot";

  @Mixin RecurrentOptions recurrent = new RecurrentOptions(256, 2, 0.3);

  @Option(names = "--embedding-size", description = "numbers of a word (default: ${DEFAULT-VALUE})")
  int embeddingSize = 256;

  @Option(
      names = "--scheduled-sampling",
      paramLabel = "P",
      description = {
        "chance that the decoder is given its own guess instead of the right word: grows from 0 to P"
            + " over the run (default: ${DEFAULT-VALUE})",
      })
  double sampling;

  @Option(
      names = "--min-count",
      paramLabel = "N",
      description = "words that occur less often are unknown (default: ${DEFAULT-VALUE})")
  int leastCount = 2;

  @Option(names = "--keep-case", description = "The and the are two words (default: one)")
  boolean keepCase;

  @Option(
      names = "--max-length",
      paramLabel = "WORDS",
      description = "longer sentences are left out of training (default: ${DEFAULT-VALUE})")
  int longest = 60;

  @Option(
      names = "--buckets",
      description = "lengths of batches, a program for each (default: ${DEFAULT-VALUE})")
  int buckets = 5;

  @Mixin LearningOptions learning = new LearningOptions(10, 64, "adam(2e-3)", "onecycle", 1);

  @Override
  public Integer call() {
    try (var stop = Stop.onInterrupt()) {
      var asked =
          new RunConfig.Pairs(data, source, target)
              .lowerCase(!keepCase)
              .leastCount(leastCount)
              .longest(longest)
              .buckets(buckets)
              .sampling(sampling);
      Languages languages = Languages.of(asked);
      var model =
          Translation.model(
              recurrent.with(
                  Map.of(
                      "source-vocabulary",
                      languages.source().size(),
                      "target-vocabulary",
                      languages.target().size(),
                      "attention",
                      attention,
                      "embedding-size",
                      embeddingSize)));
      var config =
          new RunConfig(PairSubject.network(model), asked, learning.recipe(), learning.limits());
      RunFolder folder = learning.folder(Translation.NAME);
      Trainer trainer = Trainer.start(folder, config, TranslationRuns::subject);
      return TranslationRuns.run(trainer, folder, spec.commandLine(), stop, learning.json);
    }
  }
}
