package unfold.train;

import java.nio.file.Files;
import java.util.Map;
import java.util.Optional;
import unfold.engine.Engine;
import unfold.error.InputException;
import unfold.run.States;
import unfold.tensor.Tensor;

/// Writes what a run keeps. While the run goes on, a file that cannot be written (a full disk)
/// costs a line, not the training: the numbers are still in memory, and the next save tries again.
/// At the end it is an error.
final class Keeper {
  private static final long CURVE_NANOS = 60_000_000_000L;

  private final Trainer.Task task;
  private final States states;
  private final Engine engine;
  private final Weights.About about;
  private Provenance provenance;
  private Optional<Position> saved = Optional.empty();
  private Optional<Weights> unsavedBest = Optional.empty();
  private long curveNanos = System.nanoTime();

  Keeper(
      Trainer.Task task, States states, Engine engine, Weights.About about, Provenance provenance) {
    this.task = task;
    this.states = states;
    this.engine = engine;
    this.about = about;
    this.provenance = provenance;
  }

  /// The sitting begins: config and provenance are there before anything is computed. A new run
  /// that starts from weights keeps them first, so that it no longer depends on their file.
  ///
  /// @param more files of the subject, by name
  void begin(Map<String, String> more) {
    if (task.fresh() && task.weights().isPresent()) {
      write(Position.START);
    }
    task.folder().write(task.config());
    more.forEach((name, text) -> WholeFile.write(task.folder().path().resolve(name), text));
    task.folder().write(provenance);
  }

  /// Kernels were chosen: they are written before they run, so that a run killed at any moment goes
  /// on with the same.
  void kernels() {
    provenance = provenance.kernels(engine.choices());
    try {
      task.folder().write(provenance);
    } catch (InputException e) {
      task.reporter().note(e.getMessage() + "; training goes on");
    }
  }

  /// An epoch is done.
  ///
  /// @param best whether it is the best so far
  void epoch(Position position, boolean best) {
    if (best) {
      var score = position.history().best();
      unsavedBest =
          score.map(r -> Weights.of(states, about.epoch(r.epoch(), r.judged().measure())));
    }
    save(position);
    if (System.nanoTime() - curveNanos > CURVE_NANOS) {
      curve(position.history());
    }
  }

  /// Whether there is anything to go on from.
  boolean kept() {
    return Files.exists(task.folder().last());
  }

  /// Within the run.
  ///
  /// @return whether it is on the disk
  boolean save(Position position) {
    try {
      write(position);
      return true;
    } catch (InputException e) {
      task.reporter().note(e.getMessage() + "; training goes on, and the next save tries again");
      return false;
    }
  }

  /// At the end.
  ///
  /// @throws InputException if it cannot be written
  void end(Position position) {
    write(position);
    curve(position.history());
  }

  /// The best weights come first: a run killed in between goes on from the older checkpoint, and
  /// finds the same best weights again.
  private void write(Position position) {
    if (saved.filter(position::equals).isPresent()) {
      return;
    }
    unsavedBest.ifPresent(weights -> weights.write(task.folder().best()));
    unsavedBest = Optional.empty();
    double score = position.history().last().map(r -> r.judged().measure()).orElse(0.0);
    Checkpoint.write(task.folder().last(), position, about.epoch(position.epoch(), score), states);
    task.folder().write(position.history());
    saved = Optional.of(position);
  }

  /// The first state that holds NaN or infinity, with how many: nothing to go on from, so that it
  /// is never saved.
  Optional<String> firstNotFinite() {
    for (String name : states.names()) {
      Tensor t = states.get(name);
      long bad = t.notFinite();
      if (bad > 0) {
        return Optional.of(name + " holds " + bad + " NaN or infinite of " + t.size() + " numbers");
      }
    }
    return Optional.empty();
  }

  private void curve(History history) {
    curveNanos = System.nanoTime();
    try {
      Curve.of(task.config().model().name(), history).write(task.folder().curve());
    } catch (InputException e) {
      task.reporter().note(e.getMessage());
    }
  }
}
