package unfold.cli;

import java.util.Locale;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import unfold.data.Dataset;
import unfold.data.Datasets;
import unfold.data.Splits;
import unfold.error.InputException;
import unfold.train.Evaluation;
import unfold.train.RunConfig;

/// `unfold eval`
@Command(
    name = "eval",
    mixinStandardHelpOptions = true,
    description = "Measures a trained network: accuracy, top-5, loss, confusion, worst mistakes.",
    footer = {
      "",
      "Examples:",
      "  ./unfold eval runs/lenet5",
      "  ./unfold eval runs/lenet5 --json",
    })
final class EvalCommand implements Runnable {
  /// The part of a data set to measure on.
  enum Part {
    TEST,
    TRAIN
  }

  @Mixin RunOptions run = new RunOptions();

  @Option(
      names = "--data",
      paramLabel = "digits|FOLDER",
      description = "what to measure on (default: what the run learned from)")
  @Nullable String data;

  @Option(
      names = "--split",
      description =
          "test (what was held out, if there are no test pictures) or train" + " (default: test)")
  Part split = Part.TEST;

  @Option(names = "--json", description = "one JSON object instead of text")
  boolean json;

  @Override
  public void run() {
    RunConfig config = run.folder().config();
    Evaluation e =
        run.predictor()
            .evaluate(part(config), config.recipe().batch(), config.pictures().threads());
    if (json) {
      new Json()
          .with("items", e.score().items())
          .with("accuracy", e.score().accuracy())
          .with("top5", e.score().top5())
          .with("loss", e.score().loss())
          .print();
      return;
    }
    System.out.printf(
        Locale.ROOT,
        "%s: %,d pictures, accuracy %.2f %%, top-5 %.2f %%, loss %.4f%n%n",
        e.data(),
        e.score().items(),
        100 * e.score().accuracy(),
        100 * e.score().top5(),
        e.score().loss());
    System.out.print(e.confusionText());
    if (!e.worst().isEmpty()) {
      System.out.println("\nworst mistakes:");
    }
    for (Evaluation.Mistake m : e.worst()) {
      System.out.printf(
          Locale.ROOT,
          "  %s: %s taken for %s (%.1f %%, loss %.2f)%n",
          m.source(),
          e.classes().get(m.label()),
          e.classes().get(m.answer()),
          100 * m.confidence(),
          m.loss());
    }
  }

  private Dataset part(RunConfig config) {
    String source = data == null ? config.pictures().source() : data;
    Splits splits = Datasets.named(source);
    if (data == null && config.pictures().holdOut() > 0) {
      splits = splits.train().splitLast(config.pictures().holdOut());
    } else if (data == null && config.pictures().validation() > 0) {
      splits = splits.train().splitFraction(config.pictures().validation(), config.recipe().seed());
    }
    if (split == Part.TRAIN) {
      return splits.train();
    }
    return splits
        .test()
        .or(splits::validation)
        .orElseThrow(() ->
            new InputException(
                source
                    + " has no test pictures; measure on its training pictures with"
                    + " --split train"));
  }
}
