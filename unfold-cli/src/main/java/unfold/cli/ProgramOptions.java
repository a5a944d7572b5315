package unfold.cli;

import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import unfold.config.Knobs;
import unfold.config.Precision;
import unfold.engine.Engine;
import unfold.engine.Settings;
import unfold.engine.TrainingSettings;
import unfold.engine.TrainingStep;
import unfold.error.InputException;
import unfold.graph.Graph;
import unfold.model.Model;
import unfold.optimizer.Sgd;
import unfold.plan.Plan;
import unfold.run.Program;
import unfold.run.States;

/// Which program of a network a command is about: its training step or its answers, for which
/// batch, in which precision.
final class ProgramOptions {
  /// The two programs of a network.
  enum Mode {
    TRAIN,
    INFER
  }

  @Mixin ModelOptions model = new ModelOptions();

  @Option(names = "--batch", description = "pictures a batch (default: ${DEFAULT-VALUE})")
  int batch = 32;

  @Option(
      names = "--precision",
      description = "f32, bf16 or auto (default: as the knob UNFOLD_PRECISION says)")
  Precision precision = Knobs.PRECISION.value();

  @Option(
      names = "--mode",
      description = "train (forward, backward and update) or infer (default: train)")
  Mode mode = Mode.TRAIN;

  Engine engine() {
    if (batch < 1) {
      throw new InputException("--batch must be at least 1, not " + batch);
    }
    return Engine.open(Settings.defaults().precision(precision));
  }

  Graph graph(Engine engine) {
    Model net = model.model();
    return switch (mode) {
      case TRAIN -> engine.trainingGraph(net, settings(), batch);
      case INFER -> engine.inferenceGraph(net, batch);
    };
  }

  Plan plan(Engine engine) {
    return engine.plan(graph(engine), new States(), java.util.List.of());
  }

  /// The program, ready to run on pictures that are all black.
  Program program(Engine engine) {
    Model net = model.model();
    return switch (mode) {
      case TRAIN -> {
        TrainingStep step = engine.training(net, settings(), batch, new States());
        yield step.program();
      }
      case INFER -> engine.inference(net, batch, new States()).program();
    };
  }

  private static TrainingSettings settings() {
    return TrainingSettings.of(new Sgd(0.01, 0.9).weightDecay(1e-4), 0);
  }
}
