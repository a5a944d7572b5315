package unfold.cli;

import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
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
import unfold.layer.Loss;
import unfold.model.LanguageModel;
import unfold.model.Model;
import unfold.optimizer.Sgd;
import unfold.plan.Plan;
import unfold.run.Program;
import unfold.run.States;
import unfold.trace.Traced;

/// Which program of a network a command is about: its training step or its answers, for which
/// batch, in which precision.
final class ProgramOptions {
  /// The two programs of a network.
  enum Mode {
    TRAIN,
    INFER
  }

  private static final int STEPS = 50;

  @Mixin ModelOptions model = new ModelOptions();

  @Option(
      names = "--batch",
      description = "pictures or streams a batch (default: ${DEFAULT-VALUE})")
  int batch = 32;

  @Option(names = "--seq-length", description = "of a character model: steps a run (default: 50)")
  @Nullable Integer steps;

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
    Optional<LanguageModel> language = language();
    if (language.isPresent()) {
      Traced forward = forward(language.get());
      return switch (mode) {
        case TRAIN -> engine.learnerGraph(forward, settings().optimizer(), settings().updating());
        case INFER -> engine.answeringGraph(forward);
      };
    }
    Model net = model.model();
    return switch (mode) {
      case TRAIN -> engine.trainingGraph(net, settings(), batch);
      case INFER -> engine.inferenceGraph(net, batch);
    };
  }

  Plan plan(Engine engine) {
    return engine.plan(graph(engine), new States(), List.of());
  }

  /// The program, ready to run on pictures that are all black, or on the first character again and
  /// again.
  Program program(Engine engine) {
    Optional<LanguageModel> language = language();
    if (language.isPresent()) {
      Traced forward = forward(language.get());
      TrainingSettings s = settings();
      return switch (mode) {
        case TRAIN ->
            engine.learner(forward, s.optimizer(), s.updating(), s.seed(), new States()).program();
        case INFER -> engine.answering(forward, new States());
      };
    }
    Model net = model.model();
    return switch (mode) {
      case TRAIN -> {
        TrainingStep step = engine.training(net, settings(), batch, new States());
        yield step.program();
      }
      case INFER -> engine.inference(net, batch, new States()).program();
    };
  }

  private Optional<LanguageModel> language() {
    Optional<LanguageModel> language = model.language();
    if (language.isEmpty() && steps != null) {
      throw new InputException("--seq-length is for character models, not for " + model.name);
    }
    return language;
  }

  private Traced forward(LanguageModel net) {
    int length = steps != null ? steps : STEPS;
    if (length < 1) {
      throw new InputException("--seq-length must be at least 1, not " + length);
    }
    return switch (mode) {
      case TRAIN -> net.training(batch, length, new Loss.SoftmaxCrossEntropy());
      case INFER -> net.reading(batch, length);
    };
  }

  private static TrainingSettings settings() {
    return TrainingSettings.of(new Sgd(0.01, 0.9).weightDecay(1e-4), 0);
  }
}
