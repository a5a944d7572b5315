package unfold.cli;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import unfold.data.Dataset;
import unfold.data.Datasets;
import unfold.data.Splits;
import unfold.error.InputException;
import unfold.train.Ensemble;
import unfold.train.Evaluation;
import unfold.train.Predictor;
import unfold.train.RunConfig;
import unfold.train.RunData;
import unfold.train.RunFolder;

/// A trained network and the pictures to measure it on.
final class MeasuredOptions {
  private static final int BATCH = 64;

  @Mixin RunOptions run = new RunOptions();

  @Option(
      names = "--data",
      paramLabel = "digits|FOLDER",
      description = "what to measure on (default: what the run learned from)")
  @Nullable String data;

  @Option(
      names = "--split",
      description =
          "test (what was held out, if there are no test pictures), validation or train (default:"
              + " test; with --weights all pictures, if none are held out)")
  @Nullable String split;

  /// The part of a folder of sentences that is asked for.
  String part() {
    return switch (split == null ? "test" : split) {
      case "test" -> "test";
      case "validation", "dev" -> "dev";
      case "train" -> "train";
      default ->
          throw new InputException("--split " + split + " is none of test, validation, train");
    };
  }

  /// Refuses what is for pictures.
  void requirePlain() {
    if (run.weights != null || data != null || split != null) {
      throw new InputException(
          run.name + ": --weights, --data and --split are for networks for pictures");
    }
  }

  Evaluation evaluation(Dataset part) {
    return evaluation(part, List.of(), false);
  }

  /// The mean of this network's answers and those of more runs.
  Evaluation evaluation(Dataset part, List<Path> more, boolean tenCrop) {
    Optional<RunConfig> config = run.run().map(RunFolder::config);
    var members = new ArrayList<Predictor>();
    members.add(run.predictor());
    more.forEach(path -> members.add(RunOptions.predictor(path)));
    return new Ensemble(members, tenCrop)
        .evaluate(
            part,
            config.map(c -> c.recipe().batch()).orElse(BATCH),
            config.map(c -> c.pictures().threads()).orElse(1));
  }

  /// Whether the run's recipe is measured by ten views of each picture.
  boolean tenCrop() {
    return run.run().map(folder -> folder.config().tricks().crops() > 1).orElse(false);
  }

  Dataset data() {
    return run.run().map(this::ofRun).orElseGet(this::ofSet);
  }

  private Dataset ofRun(RunFolder folder) {
    RunConfig config = folder.config().limits(RunConfig.Limits.NONE);
    RunConfig asked = data == null ? config : config.data(new RunConfig.Pictures(data));
    return RunData.open(asked).part(split == null ? "test" : split);
  }

  private Dataset ofSet() {
    if (data == null) {
      throw new InputException("--weights needs --data FOLDER: which pictures to measure on");
    }
    Splits set = Datasets.named(data);
    var all = new RunData(set.train(), set.heldOut(), set.test(), List.of());
    if (split == null && set.heldOut().isEmpty()) {
      return set.train();
    }
    return all.part(split == null ? "test" : split);
  }
}
