package unfold.cli;

import java.nio.file.Path;
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
import unfold.train.sentence.SentenceSubject;
import unfold.zoo.sequence.SentenceRnn;

/// `unfold train sentiment`
@Command(
    name = "sentiment",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {
      "Trains a recurrent network to say what a sentence is, such as praise or blame. It learns from"
          + " train.tsv, the best epoch is chosen by dev.tsv, and test.tsv is measured at the end if"
          + " it is there: a sentence, a tab and a label (0, 1, …) a line.",
    },
    footer = {
      "",
      "Examples:",
      "  ./unfold train sentiment --data sst2",
      "  ./unfold eval runs/sentiment --json",
      "  ./unfold predict runs/sentiment \"a gem of a film\" \"two hours of nothing\"",
      "  ./unfold train --resume runs/sentiment",
    })
final class TrainSentimentCommand implements Callable<Integer> {
  @CommandLine.Spec
  @SuppressWarnings("NullAway.Init") // set by picocli
  CommandLine.Model.CommandSpec spec;

  @Option(
      names = "--data",
      required = true,
      paramLabel = "FOLDER",
      description = "train.tsv, dev.tsv and perhaps test.tsv")
  Path data = Path.of(".");

  @Option(
      names = "--min-count",
      paramLabel = "N",
      description =
          "words that occur less often in training are unknown ones (default: ${DEFAULT-VALUE})")
  int leastCount = 2;

  @Option(
      names = "--buckets",
      paramLabel = "N",
      description = "lengths of batches, to save padding (default: ${DEFAULT-VALUE})")
  int buckets = 4;

  @Mixin RecurrentOptions recurrent = new RecurrentOptions(128, 1, 0.5);

  @Option(
      names = "--embedding-size",
      description = "numbers that stand for a word (default: ${DEFAULT-VALUE})")
  int embeddingSize = 128;

  @Option(
      names = "--bidirectional",
      negatable = true,
      fallbackValue = "true",
      description = "reads the sentence backwards too (default: ${DEFAULT-VALUE})")
  boolean bidirectional = true;

  @Mixin LearningOptions learning = new LearningOptions(8, 32, "adamw(2e-3)", "onecycle", 1);

  @Override
  public Integer call() {
    try (var stop = Stop.onInterrupt()) {
      var asked = new RunConfig.Sentences(data.toString(), leastCount, buckets);
      SentenceSubject.Task task = SentenceSubject.task(asked);
      var model =
          SentenceRnn.model(
              recurrent.with(
                  Map.of(
                      "vocabulary",
                      task.words(),
                      "classes",
                      task.classes(),
                      "embedding-size",
                      embeddingSize,
                      "bidirectional",
                      bidirectional)));
      var config =
          new RunConfig(
              SentenceSubject.network(model), asked, learning.recipe(), learning.limits());
      RunFolder folder = learning.folder(SentenceRnn.NAME);
      Trainer trainer = Trainer.start(folder, config, SentenceRuns::subject);
      return SentenceRuns.run(trainer, folder, spec.commandLine(), stop, learning.json);
    }
  }
}
