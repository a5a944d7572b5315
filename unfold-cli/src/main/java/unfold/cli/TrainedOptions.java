package unfold.cli;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import unfold.config.Precision;
import unfold.engine.Settings;
import unfold.error.InputException;
import unfold.train.RunConfig;
import unfold.train.RunFolder;
import unfold.train.Trained;
import unfold.train.Weights;
import unfold.zoo.Zoo;

/// A network with its numbers: of a run, or of the zoo with weights from a file.
final class TrainedOptions {
  @Parameters(
      index = "0",
      paramLabel = "MODEL|RUN",
      description = "a name that `unfold zoo` lists, or the folder of a training run")
  String name = "";

  @Option(
      names = "--weights",
      paramLabel = "FILE",
      description = "the numbers of MODEL (a run has its own)")
  @Nullable Path weights;

  @Option(
      names = "--option",
      paramLabel = "KEY=VALUE",
      description = "changes an option of the model, such as classes=100")
  Map<String, String> options = new LinkedHashMap<>();

  @Option(
      names = "--precision",
      description = "to compute in: f32, bf16 or auto (default: ${DEFAULT-VALUE})")
  Precision precision = Precision.F32;

  Trained open() {
    return open(name, weights, options, precision);
  }

  static Trained open(
      String name, @Nullable Path weights, Map<String, String> options, Precision precision) {
    Path folder = Path.of(name);
    Trained found =
        Files.isRegularFile(folder.resolve("config.json"))
            ? run(RunFolder.open(folder), weights, options)
            : zoo(name, weights, options);
    return found.precision(precision);
  }

  private static Trained run(
      RunFolder run, @Nullable Path weights, Map<String, String> options) {
    RunConfig.Network network = run.config().model();
    var all = new LinkedHashMap<>(network.options());
    all.putAll(options);
    var model = Zoo.find(network.name(), all);
    return weights == null
        ? Trained.open(run, model, Settings.defaults())
        : Trained.of(model, Weights.read(weights), Settings.defaults());
  }

  private static Trained zoo(
      String name, @Nullable Path weights, Map<String, String> options) {
    var model = Zoo.find(name, options);
    if (weights == null) {
      throw new InputException(
          name + " is a network without numbers: give them with --weights FILE, or name a run");
    }
    return Trained.of(model, Weights.read(weights), Settings.defaults());
  }
}
