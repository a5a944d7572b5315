package unfold.cli;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import unfold.model.Model;
import unfold.train.RunFolder;
import unfold.zoo.Zoo;

/// Which network a command is about: a name of the zoo, or the folder of a run.
final class ModelOptions {
  @Parameters(
      index = "0",
      paramLabel = "MODEL|RUN",
      description =
          "a name that `unfold zoo` lists, charlm, or the folder of a training run of any kind")
  String name = "";

  @Option(
      names = "--option",
      paramLabel = "KEY=VALUE",
      description =
          "changes an option of the model, such as classes=100, shortcut=B or rnn-size=256")
  Map<String, String> options = new LinkedHashMap<>();

  /// The network for sequences, if it is one: a run on something else than pictures, or a name such
  /// as `charlm`, whose vocabulary has 96 characters unless `--option vocabulary=V` says otherwise.
  Optional<SequenceNet> sequence() {
    return SequenceNet.find(name, options);
  }

  Model model() {
    Optional<RunFolder> run = RunFolder.find(Path.of(name));
    if (run.isEmpty()) {
      return Zoo.find(name, options);
    }
    var network = run.get().config().model();
    var all = new LinkedHashMap<>(network.options());
    all.putAll(options);
    return Zoo.find(network.name(), all);
  }
}
