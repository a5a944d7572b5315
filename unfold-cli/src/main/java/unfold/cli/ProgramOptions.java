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
import unfold.model.Model;
import unfold.optimizer.Sgd;
import unfold.plan.Plan;
import unfold.run.Program;
import unfold.run.States;
import unfold.tensor.Tensor;
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
      description = "pictures or sequences a batch (default: ${DEFAULT-VALUE})")
  int batch = 32;

  @Option(
      names = "--seq-length",
      description = "of a network for sequences: steps of each (default: 50)")
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
    Optional<SequenceNet> sequence = sequence();
    if (sequence.isPresent()) {
      Traced forward = forward(sequence.get());
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

  /// The program, ready to run on pictures that are all black, or on the first character or word
  /// again and again.
  Program program(Engine engine) {
    Optional<SequenceNet> sequence = sequence();
    if (sequence.isPresent()) {
      Traced forward = forward(sequence.get());
      TrainingSettings s = settings();
      return whole(
          forward,
          switch (mode) {
            case TRAIN ->
                engine
                    .learner(forward, s.optimizer(), s.updating(), s.seed(), new States())
                    .program();
            case INFER -> engine.answering(forward, new States());
          });
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

  private Optional<SequenceNet> sequence() {
    Optional<SequenceNet> sequence = model.sequence();
    if (sequence.isEmpty() && steps != null) {
      throw new InputException("--seq-length is for networks for sequences, not for " + model.name);
    }
    return sequence;
  }

  private Traced forward(SequenceNet net) {
    int length = length();
    if (length < net.least()) {
      throw new InputException("--seq-length must be at least " + net.least() + ", not " + length);
    }
    return switch (mode) {
      case TRAIN -> net.training().of(batch, length);
      case INFER -> net.answering().of(batch, length);
    };
  }

  private int length() {
    return steps != null ? steps : STEPS;
  }

  /// All rows as long as they can be, and every step counts.
  private Program whole(Traced forward, Program program) {
    for (Graph.Input feed : forward.graph().feeds()) {
      switch (feed.name()) {
        case "lengths" -> program.feed(feed.name(), filled(feed, length()));
        case "counting" -> program.feed(feed.name(), filled(feed, 1));
        default -> {} // zeros
      }
    }
    return program;
  }

  private static Tensor filled(Graph.Input feed, double value) {
    Tensor t = Tensor.zeros(feed.value().type());
    for (long i = 0; i < t.size(); i++) {
      t.set(i, value);
    }
    return t;
  }

  private static TrainingSettings settings() {
    return TrainingSettings.of(new Sgd(0.01, 0.9).weightDecay(1e-4), 0);
  }
}
