package unfold.engine;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import unfold.autodiff.Autodiff;
import unfold.backend.Backend;
import unfold.config.Precision;
import unfold.error.InputException;
import unfold.graph.Graph;
import unfold.model.Model;
import unfold.optimizer.Accumulation;
import unfold.optimizer.Optimizer;
import unfold.optimizer.Updating;
import unfold.pass.Pass;
import unfold.pass.Passes;
import unfold.plan.Chooser;
import unfold.plan.Plan;
import unfold.plan.PlanOptions;
import unfold.plan.Planner;
import unfold.run.Program;
import unfold.run.States;
import unfold.trace.Declaration;
import unfold.trace.Traced;

/// Compiles models for this machine. Opening one loads the native library; models are then compiled
/// in a fraction of a second each.
///
/// ```java
/// var engine = Engine.open(Settings.defaults());
/// var states = new States();
/// var step = engine.training(model, TrainingSettings.of(new Sgd(0.1, 0.9), seed), 128, states);
/// step.run(pictures, labels, 0.1, 1);
/// ```
///
/// One thread at a time may run programs of an engine.
public final class Engine {
  private final Settings settings;
  private final Backends backends;
  private final Precision precision;
  private final Chooser chooser;

  private Engine(Settings settings) {
    this.settings = settings;
    this.backends = Backends.open(settings.backends(), settings.threads());
    this.precision =
        settings.precision() != Precision.AUTO
            ? settings.precision()
            : backends.fastBf16() ? Precision.BF16 : Precision.F32;
    this.chooser = Choosers.of(settings, backends);
  }

  public static Engine open(Settings settings) {
    return new Engine(settings);
  }

  /// f32 or bf16: what `auto` came to.
  public Precision precision() {
    return precision;
  }

  /// Begins to load what engines need (native libraries, the Vector API) on a thread of its own,
  /// and returns. For programs that have other things to do first: the first engine is open sooner
  /// then, and is the same.
  public static void startLoading() {
    Backends.startLoading();
  }

  public Settings settings() {
    return settings;
  }

  /// Who computes, in order of preference.
  public List<Backend> backends() {
    return backends.all();
  }

  /// Who cannot, and why: one line each.
  public List<String> notes() {
    return backends.notes();
  }

  /// The kernels chosen so far, for a later run to take the same.
  public Map<String, String> choices() {
    return chooser.choices();
  }

  /// A training step for batches of one size: forward, backward, clip and update as one program.
  /// States that are new get their first values, which depend on the seed and their names alone.
  ///
  /// @throws unfold.error.PlanException if it takes more memory than the budget
  public TrainingStep training(Model model, TrainingSettings training, int batch, States states) {
    if (training.parts() > 1) {
      return new TrainingStep(inParts(model, training, batch, states), batch, training.parts());
    }
    Traced forward = model.training(batch, training.loss(), training.freeze());
    return new TrainingStep(
        learner(forward, training.optimizer(), training.updating(), training.seed(), states),
        batch,
        1);
  }

  /// Gives the states of such a step their first values, where they are new, and compiles nothing.
  public void declare(Model model, TrainingSettings training, int batch, States states) {
    if (training.parts() > 1) {
      PartsTraces traces = partsTraces(model, training, batch);
      initialize(traces.gathering(), training.seed(), states);
      initialize(traces.update(), training.seed(), states);
    } else {
      initialize(trainingTrace(model, training, batch), training.seed(), states);
    }
  }

  private record PartsTraces(Traced gathering, Traced update) {}

  private PartsTraces partsTraces(Model model, TrainingSettings training, int batch) {
    int parts = training.parts();
    if (batch % parts != 0) {
      throw new InputException(
          "a batch of " + batch + " cannot be computed in " + parts + " parts of one size");
    }
    var accumulation = new Accumulation(parts);
    Traced forward = model.training(batch / parts, training.loss(), training.freeze());
    Traced gathering = rewritten(accumulation.gather(gradients(forward)));
    Traced update =
        rewritten(accumulation.update(gathering, training.optimizer(), training.updating()));
    return new PartsTraces(gathering, update);
  }

  private Learner inParts(Model model, TrainingSettings training, int batch, States states) {
    PartsTraces traces = partsTraces(model, training, batch);
    initialize(traces.gathering(), training.seed(), states);
    initialize(traces.update(), training.seed(), states);
    return new Learner(
        program(traces.gathering().graph(), states),
        program(traces.update().graph(), states),
        training.parts(),
        training.updating(),
        training.seed());
  }

  /// A training step of any program: what it computes, backward, clip and update as one program.
  /// States that are new get their first values, which depend on the seed and their names alone.
  ///
  /// @param forward a program in training mode whose result `loss` is to become small
  /// @param seed of the first weights and of dropout
  /// @throws unfold.error.PlanException if it takes more memory than the budget
  public Learner learner(
      Traced forward, Optimizer optimizer, Updating updating, long seed, States states) {
    Traced step = step(forward, optimizer, updating);
    initialize(step, seed, states);
    return new Learner(program(step.graph(), states), updating, seed);
  }

  /// Any program that only answers. States that are new are as their declarations say.
  ///
  /// @param forward a program in evaluation mode
  public Program answering(Traced forward, States states) {
    initialize(forward, 0, states);
    return program(inferenceGraph(forward.graph()), states);
  }

  /// Answers for batches of one size.
  public Inference inference(Model model, int batch, States states) {
    return inference(model, batch, states, List.of());
  }

  /// As [#inference], with values that can be looked at after a run ([Inference#value]).
  ///
  /// @param keep paths of layers (`layer1.0.conv1`) or names of values (`%7`)
  public Inference inference(Model model, int batch, States states, List<String> keep) {
    Traced traced = model.inference(batch);
    initialize(traced, 0, states);
    Graph graph = keep.isEmpty() ? inferenceGraph(traced.graph()) : traced.graph();
    var program = new Program(plan(graph, states, keep), states, backends.workers());
    return new Inference(program, batch);
  }

  /// A program of one's own that reads `pictures` u8 [N×C×H×W], after the passes given.
  ///
  /// @param traced such as one that [unfold.trace.Tracer#resume] continues
  public PictureProgram pictures(Traced traced, States states, List<Pass> passes) {
    initialize(traced, 0, states);
    return new PictureProgram(program(Pass.applyAll(passes, traced.graph()), states));
  }

  /// The graph of a training step as it is planned.
  public Graph trainingGraph(Model model, TrainingSettings training, int batch) {
    return trainingTrace(model, training, batch).graph();
  }

  /// The graph of an inference as it is planned.
  public Graph inferenceGraph(Model model, int batch) {
    return inferenceGraph(model.inference(batch).graph());
  }

  /// The graph of a [#learner] as it is planned.
  public Graph learnerGraph(Traced forward, Optimizer optimizer, Updating updating) {
    return step(forward, optimizer, updating).graph();
  }

  /// The graph of [#answering] as it is planned.
  public Graph answeringGraph(Traced forward) {
    return inferenceGraph(forward.graph());
  }

  /// The plan of any graph on this engine.
  public Plan plan(Graph graph, States states, List<String> keep) {
    var options =
        PlanOptions.defaults()
            .budget(settings.budgetBytes())
            .chooser(chooser)
            .stateLayouts(states.layouts())
            .keep(keep.toArray(String[]::new));
    return new Planner(backends.all(), options).plan(graph);
  }

  private Program program(Graph graph, States states) {
    return new Program(plan(graph, states, List.of()), states, backends.workers());
  }

  private Traced trainingTrace(Model model, TrainingSettings training, int batch) {
    Traced forward = model.training(batch, training.loss(), training.freeze());
    return step(forward, training.optimizer(), training.updating());
  }

  private Traced step(Traced traced, Optimizer optimizer, Updating updates) {
    return rewritten(optimizer.trace(gradients(traced), updates));
  }

  private static Traced rewritten(Traced step) {
    return step.with(Pass.applyAll(Passes.afterGradient(), step.graph()));
  }

  /// Forward and backward.
  private Traced gradients(Traced traced) {
    Graph forward = Pass.applyAll(Passes.beforeGradient(traits()), traced.graph());
    var names = new ArrayList<String>();
    traced.trainable().forEach(d -> names.add(d.name()));
    return traced.with(Autodiff.differentiate(forward, "loss", names));
  }

  private Graph inferenceGraph(Graph graph) {
    return Pass.applyAll(Passes.inference(traits()), graph);
  }

  /// What passes should aim at.
  public Backend.Traits traits() {
    return new Backend.Traits(precision == Precision.BF16, backends.fusedTanh());
  }

  private static void initialize(Traced traced, long seed, States states) {
    for (Declaration d : traced.states()) {
      if (!states.has(d.name())) {
        states.set(d.name(), d.initial(seed));
      }
    }
  }
}
