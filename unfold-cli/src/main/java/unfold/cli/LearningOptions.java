package unfold.cli;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import unfold.optimizer.Optimizer;
import unfold.optimizer.Schedule;
import unfold.train.RunConfig;
import unfold.train.RunFolder;

/// How a network for sequences learns, when it stops, and where the run goes. Each command has its
/// own usual values.
final class LearningOptions {
  @Option(names = "--epochs", description = "passes over the data (default: ${DEFAULT-VALUE})")
  int epochs;

  @Option(names = "--batch", description = "sequences a step (default: ${DEFAULT-VALUE})")
  int batch;

  @Option(
      names = "--optimizer",
      description = "as of `unfold train` (default: \"${DEFAULT-VALUE}\")")
  String optimizer;

  @Option(names = "--lr", description = "learning rate (default: the optimizer's)")
  @Nullable Double rate;

  @Option(
      names = "--schedule",
      description = "as of `unfold train` (default: \"${DEFAULT-VALUE}\")")
  String schedule;

  @Option(
      names = "--clip",
      paramLabel = "NORM",
      description = "largest norm of all gradients, 0 for any (default: ${DEFAULT-VALUE})")
  double clip;

  @Option(
      names = "--clip-value",
      paramLabel = "SIZE",
      description = "largest size of each number of a gradient (default: any)")
  double clipValue;

  @Option(
      names = "--label-smoothing",
      paramLabel = "SHARE",
      description = "spreads this share of each label over all classes")
  double labelSmoothing;

  @Option(names = "--precision", description = "f32, bf16 or auto (default: ${DEFAULT-VALUE})")
  String precision = "auto";

  @Option(names = "--seed", description = "of everything random (default: ${DEFAULT-VALUE})")
  long seed = 1;

  @Mixin LimitOptions limits = new LimitOptions();

  @Option(
      names = "--out",
      paramLabel = "RUN",
      description = "folder of the run (default: runs/ and the command's name)")
  @Nullable Path out;

  @Option(names = "--json", description = "one JSON object on standard output at the end")
  boolean json;

  LearningOptions(int epochs, int batch, String optimizer, String schedule, double clip) {
    this.epochs = epochs;
    this.batch = batch;
    this.optimizer = optimizer;
    this.schedule = schedule;
    this.clip = clip;
  }

  RunConfig.Recipe recipe() {
    Optimizer rule = Optimizer.parse(optimizer);
    if (rate != null) {
      rule = rule.rate(rate);
    }
    return new RunConfig.Recipe(
        epochs,
        batch,
        rule.text(),
        Schedule.parse(schedule).text(),
        precision,
        labelSmoothing,
        clip,
        clipValue,
        seed);
  }

  RunConfig.Limits limits() {
    return limits.limits();
  }

  RunFolder folder(String usual) {
    return RunFolder.create(out != null ? out : TrainCommand.free(usual));
  }
}
