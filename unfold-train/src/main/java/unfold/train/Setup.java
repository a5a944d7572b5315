package unfold.train;

import java.nio.file.Files;
import java.util.List;
import java.util.Optional;
import unfold.backend.Backend;
import unfold.config.Precision;
import unfold.engine.Engine;
import unfold.engine.Settings;
import unfold.error.InputException;
import unfold.error.Nearest;
import unfold.optimizer.Optimizer;
import unfold.optimizer.Schedule;
import unfold.run.States;

/// Everything a sitting needs, opened and checked: the data fits the model, the programs are
/// compiled, the states are where the run was saved.
record Setup(
    Trainer.Task task,
    Subject subject,
    Optimizer optimizer,
    Schedule schedule,
    Lesson lesson,
    Keeper keeper,
    Position start) {

  static Setup open(Trainer.Task task) {
    RunConfig config = task.config();
    RunConfig.Recipe recipe = config.recipe();
    Optimizer optimizer = Optimizer.parse(recipe.optimizer());
    Schedule schedule = Schedule.parse(recipe.schedule());
    Subject subject = task.source().open(config);
    Trainer.requireNetwork(task.folder(), config, subject.network());
    subject.notes().forEach(task.reporter()::note);

    Optional<Provenance> earlier = task.fresh() ? Optional.empty() : task.folder().provenance();
    earlier.ifPresent(p -> {
      requireSame(task, p.trainData(), subject.trainData());
      subject.heldOut().ifPresent(now -> requireSame(task, p.heldOut(), now));
    });
    Engine engine = Engine.open(settings(task, earlier));
    engine.notes().forEach(task.reporter()::note);
    var states = new States();
    var kernels = new Kernels();
    Lesson lesson = subject.open(engine, states, kernels);
    Optional<Provenance.Origin> origin =
        task.fresh()
            ? task.weights().map(w -> w.load(subject, states, task.reporter()))
            : earlier.flatMap(Provenance::weights);
    Position start = restore(task, states);

    Provenance provenance =
        earlier
            .orElseGet(() -> provenance(task, subject, engine, origin))
            .kernels(engine.choices())
            .sitting(
                recipe,
                Provenance.Sitting.now(
                    start.step(), engine.backends().stream().map(Backend::name).toList()));
    var about = new Weights.About(config.model(), subject.classes(), subject.trainData(), 0, 0);
    var keeper = new Keeper(task, states, engine, about, provenance);
    keeper.begin(subject.files());
    kernels.listener = keeper::kernels;
    return new Setup(task, subject, optimizer, schedule, lesson, keeper, start);
  }

  /// Who hears of chosen kernels, once there is a keeper.
  private static final class Kernels implements Runnable {
    private Runnable listener = () -> {};

    @Override
    public void run() {
      listener.run();
    }
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
    throw new InputException(
        "precision '"
            + text
            + "' is none of auto, f32, bf16"
            + Nearest.meant(text, List.of("auto", "f32", "bf16")));
  }

  private static void requireSame(Trainer.Task task, String then, String now) {
    if (!now.equals(then)) {
      throw new InputException(
          task.folder().path()
              + ": began with other data ("
              + then
              + ") than there is now ("
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

  private static Provenance provenance(
      Trainer.Task task, Subject subject, Engine engine, Optional<Provenance.Origin> origin) {
    return new Provenance(
        task.command(),
        subject.trainData(),
        subject.heldOut().orElse(""),
        task.config().recipe(),
        engine.precision().toString(),
        engine.settings().threads(),
        origin,
        engine.choices(),
        List.of());
  }
}
