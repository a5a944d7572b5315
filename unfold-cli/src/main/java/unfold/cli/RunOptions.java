package unfold.cli;

import java.nio.file.Path;
import picocli.CommandLine.Parameters;
import unfold.engine.Settings;
import unfold.model.Model;
import unfold.train.Predictor;
import unfold.train.RunConfig;
import unfold.train.RunFolder;
import unfold.zoo.Zoo;

/// The trained network that a command asks.
final class RunOptions {
  @Parameters(index = "0", paramLabel = "RUN", description = "folder of a training run")
  Path run = Path.of(".");

  RunFolder folder() {
    return RunFolder.open(run);
  }

  Predictor predictor() {
    RunConfig.Network network = folder().config().model();
    Model model = Zoo.find(network.name(), network.options());
    return Predictor.open(folder(), model, Settings.defaults());
  }
}
