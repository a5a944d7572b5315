package unfold.cli;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
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
      description = "a name that `unfold zoo` lists, or the folder of a training run")
  String name = "";

  @Option(
      names = "--option",
      paramLabel = "KEY=VALUE",
      description = "changes an option of the model, such as classes=100 or shortcut=B")
  Map<String, String> options = new LinkedHashMap<>();

  Model model() {
    Path folder = Path.of(name);
    if (Files.isRegularFile(folder.resolve("config.json"))) {
      var network = RunFolder.open(folder).config().model();
      var all = new LinkedHashMap<>(network.options());
      all.putAll(options);
      return Zoo.find(network.name(), all);
    }
    return Zoo.find(name, options);
  }
}
