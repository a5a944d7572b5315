package unfold.cli;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import unfold.model.LanguageModel;
import unfold.model.Model;
import unfold.train.RunConfig;
import unfold.train.RunFolder;
import unfold.zoo.Zoo;
import unfold.zoo.sequence.CharRnn;

/// Which network a command is about: a name of the zoo, or the folder of a run.
final class ModelOptions {
  /// About as many as an English text has.
  private static final int CHARACTERS = 96;

  @Parameters(
      index = "0",
      paramLabel = "MODEL|RUN",
      description = "a name that `unfold zoo` lists, charlm, or the folder of a training run")
  String name = "";

  @Option(
      names = "--option",
      paramLabel = "KEY=VALUE",
      description =
          "changes an option of the model, such as classes=100, shortcut=B or rnn-size=256")
  Map<String, String> options = new LinkedHashMap<>();

  /// The character model, if it is one: `charlm`, whose vocabulary has [#CHARACTERS] unless
  /// `--option vocabulary=V` says otherwise, or a run on a text.
  Optional<LanguageModel> language() {
    var all = new LinkedHashMap<String, String>();
    if (name.equals(CharRnn.NAME)) {
      all.put("vocabulary", Integer.toString(CHARACTERS));
    } else {
      Optional<RunConfig> text =
          RunFolder.find(Path.of(name))
              .map(RunFolder::config)
              .filter(config -> config.data() instanceof RunConfig.Text);
      if (text.isEmpty()) {
        return Optional.empty();
      }
      all.putAll(text.get().model().options());
    }
    all.putAll(options);
    return Optional.of(CharRnn.model(all));
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
