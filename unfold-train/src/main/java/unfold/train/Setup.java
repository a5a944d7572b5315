package unfold.train;

import java.nio.file.Files;
import java.util.List;
import java.util.Optional;
import unfold.backend.Backend;
import unfold.config.Precision;
import unfold.data.Dataset;
import unfold.data.Loading;
import unfold.engine.Engine;
import unfold.engine.Settings;
import unfold.engine.TrainingSettings;
import unfold.engine.TrainingStep;
import unfold.error.InputException;
import unfold.layer.Loss;
import unfold.optimizer.Optimizer;
import unfold.optimizer.Schedule;
import unfold.optimizer.Updating;
import unfold.run.States;

/// Everything a sitting needs, opened and checked: the data fits the model, the programs are
/// compiled, the states are where the run was saved.
record Setup(
    Trainer.Task task,
    RunData data,
    Loading training,
    Optional<Held> held,
    Optimizer optimizer,
    Schedule schedule,
    TrainingStep step,
    Answers answers,
    Keeper keeper,
    Position start) {

  /// The pictures to measure on.
  record Held(Dataset data, Loading loading) {}

  static Setup open(Trainer.Task task) {
    RunConfig config = task.config();
    RunConfig.Recipe recipe = config.recipe();
    Optimizer optimizer = Optimizer.parse(recipe.optimizer());
    Schedule schedule = Schedule.parse(recipe.schedule());
    RunData data =
        task.data().map(set -> RunData.of(config, set)).orElseGet(() -> RunData.open(config));
    Loading training = Preparation.training(task.model(), data.train(), config);
    Optional<Held> held =
        data.heldOut()
            .map(set ->
                new Held(
                    set,
                    Preparation.evaluation(
                        task.model(), set, recipe.batch(), config.data().threads())));
    data.notes().forEach(task.reporter()::note);
    Preparation.note(task.model(), data.train()).ifPresent(task.reporter()::note);

    Optional<Provenance> earlier = task.fresh() ? Optional.empty() : task.folder().provenance();
    earlier.ifPresent(p -> {
      requireSame(task, p.trainData(), data.train());
      data.heldOut().ifPresent(set -> requireSame(task, p.heldOut(), set));
    });
    Engine engine = Engine.open(settings(task, earlier));
    var states = new States();
    TrainingStep step =
        engine.training(task.model(), trainingSettings(recipe, optimizer), recipe.batch(), states);
    Position start = restore(task, states);

    Provenance provenance =
        earlier
            .orElseGet(() -> provenance(task, data, engine))
            .kernels(engine.choices())
            .sitting(
                recipe,
                Provenance.Sitting.now(
                    start.step(), engine.backends().stream().map(Backend::name).toList()));
    var about =
        new Weights.About(config.model(), data.train().classes(), data.train().fingerprint(), 0, 0);
    var keeper = new Keeper(task, states, engine, about, provenance);
    keeper.begin();
    var answers = new Answers(engine, task.model(), states, keeper::kernels);
    return new Setup(task, data, training, held, optimizer, schedule, step, answers, keeper, start);
  }

  static TrainingSettings trainingSettings(RunConfig.Recipe recipe, Optimizer optimizer) {
    return TrainingSettings.of(optimizer, recipe.seed())
        .updating(Updating.PLAIN.clipNorm(recipe.clip()))
        .loss(new Loss.SoftmaxCrossEntropy().smoothing(recipe.labelSmoothing()));
  }

  /// A resumed run keeps what decides bits: precision, threads, kernels.
  private static Settings settings(Trainer.Task task, Optional<Provenance> earlier) {
    Settings asked = task.settings().precision(precision(task.config().recipe().precision()));
    return earlier
        .map(p ->
            asked.precision(precision(p.precision())).threads(p.threads()).choices(p.kernels()))
        .orElse(asked);
  }

  static Precision precision(String text) {
    for (Precision p : Precision.values()) {
      if (p.toString().equals(text)) {
        return p;
      }
    }
    throw new InputException("precision '" + text + "' is none of auto, f32, bf16");
  }

  private static void requireSame(Trainer.Task task, String then, Dataset data) {
    String now = data.fingerprint();
    if (!now.equals(then)) {
      throw new InputException(
          task.folder().path()
              + ": began with other pictures ("
              + then
              + ") than "
              + data.name()
              + " has now ("
              + now
              + "): a run goes on with its own data only");
    }
  }

  private static Position restore(Trainer.Task task, States states) {
    if (task.fresh() || !Files.exists(task.folder().last())) {
      return Position.START;
    }
    Checkpoint saved = Checkpoint.read(task.folder().last());
    saved.restore(states);
    Position at = saved.position();
    task.reporter().note("goes on at step " + at.step() + " (epoch " + (at.epoch() + 1) + ")");
    return at;
  }

  private static Provenance provenance(Trainer.Task task, RunData data, Engine engine) {
    return new Provenance(
        task.command(),
        data.train().fingerprint(),
        data.heldOut().map(Dataset::fingerprint).orElse(""),
        task.config().recipe(),
        engine.precision().toString(),
        engine.settings().threads(),
        engine.choices(),
        List.of());
  }
}
