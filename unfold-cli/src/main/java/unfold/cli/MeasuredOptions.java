package unfold.cli;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import unfold.data.Dataset;
import unfold.train.Evaluation;
import unfold.train.RunConfig;
import unfold.train.RunData;

/// A trained network and the pictures to measure it on.
final class MeasuredOptions {
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
              + " ${DEFAULT-VALUE})")
  String split = "test";

  Evaluation evaluation(Dataset part) {
    RunConfig config = run.folder().config();
    return run.predictor().evaluate(part, config.recipe().batch(), config.pictures().threads());
  }

  Dataset data() {
    RunConfig config = run.folder().config().limits(RunConfig.Limits.NONE);
    RunConfig asked = data == null ? config : config.data(new RunConfig.Pictures(data));
    return RunData.open(asked).part(split);
  }
}
