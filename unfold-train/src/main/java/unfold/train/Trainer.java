package unfold.train;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import unfold.data.Splits;
import unfold.engine.Settings;
import unfold.error.InputException;
import unfold.model.Model;

/// Trains a network, and keeps in a [RunFolder] what is worth keeping.
///
/// ```java
/// RunFolder folder = RunFolder.create(Path.of("runs/lenet5"));
/// try (var stop = Stop.onInterrupt()) {
///   Outcome outcome = Trainer.start(folder, config, model).reporter(Console.standard()).run(stop);
/// }
/// ```
///
/// A run that was stopped or killed goes on with [#resume] and ends in the weights and metrics (but
/// for times) of a run that was never stopped, bit for bit, on the same machine.
///
/// Immutable: each of the methods that set something gives a new trainer.
public final class Trainer {
  /// What a trainer is asked to do.
  ///
  /// @param source opens what is taught
  /// @param checkpoints time between two within a long epoch
  /// @param command what was asked, for the record
  /// @param weights that a new run starts from
  /// @param fresh whether the run begins; else it goes on
  record Task(
      RunFolder folder,
      RunConfig config,
      Subject.Source source,
      Settings settings,
      Reporter reporter,
      Duration checkpoints,
      String command,
      Optional<Start> weights,
      boolean fresh) {}

  private final Task task;

  private Trainer(Task task) {
    this.task = task;
  }

  /// A new run on pictures, in a folder that holds none.
  public static Trainer start(RunFolder folder, RunConfig config, Model model) {
    return of(folder, config, pictures(folder, config, model, Optional.empty()), true);
  }

  /// The same with these pictures, whatever source the config names.
  public static Trainer start(RunFolder folder, RunConfig config, Model model, Splits data) {
    return of(folder, config, pictures(folder, config, model, Optional.of(data)), true);
  }

  /// A new run on any subject, in a folder that holds none.
  public static Trainer start(RunFolder folder, RunConfig config, Subject.Source source) {
    return of(folder, config, source, true);
  }

  /// The run on pictures in this folder, from where it was saved last; from the beginning if it
  /// never was.
  ///
  /// @param model as the run's config names it
  public static Trainer resume(RunFolder folder, Model model) {
    RunConfig config = folder.config();
    return of(folder, config, pictures(folder, config, model, Optional.empty()), false);
  }

  /// The same with these pictures.
  public static Trainer resume(RunFolder folder, Model model, Splits data) {
    RunConfig config = folder.config();
    return of(folder, config, pictures(folder, config, model, Optional.of(data)), false);
  }

  /// The run on any subject in this folder, from where it was saved last.
  public static Trainer resume(RunFolder folder, Subject.Source source) {
    return of(folder, folder.config(), source, false);
  }

  private static Subject.Source pictures(
      RunFolder folder, RunConfig config, Model model, Optional<Splits> data) {
    requireNetwork(folder, config, RunConfig.Network.of(model));
    return asked -> PictureSubject.open(asked, model, data);
  }

  static void requireNetwork(RunFolder folder, RunConfig config, RunConfig.Network network) {
    if (!network.equals(config.model())) {
      throw new InputException(
          folder.path()
              + ": is a run of "
              + config.model()
              + ", but the model given is "
              + network);
    }
  }

  private static Trainer of(
      RunFolder folder, RunConfig config, Subject.Source source, boolean fresh) {
    return new Trainer(
        new Task(
            folder,
            config,
            source,
            Settings.defaults(),
            Reporter.SILENT,
            Duration.ofMinutes(3),
            "",
            Optional.empty(),
            fresh));
  }

  /// Opens the engine with these settings; precision is the config's, and a resumed run keeps the
  /// threads and kernels that it began with.
  public Trainer settings(Settings to) {
    return with(to, task.reporter, task.checkpoints, task.command, task.weights);
  }

  public Trainer reporter(Reporter to) {
    return with(task.settings, to, task.checkpoints, task.command, task.weights);
  }

  /// How often to save within a long epoch; at first every three minutes. The end of an epoch is
  /// always saved.
  public Trainer checkpoints(Duration every) {
    return with(task.settings, task.reporter, every, task.command, task.weights);
  }

  /// What was asked, in words, for the record.
  public Trainer command(String words) {
    return with(task.settings, task.reporter, task.checkpoints, words, task.weights);
  }

  /// A new run starts from these weights instead of random numbers. Where only the number of
  /// classes is another, the last layer starts anew.
  ///
  /// @param partial whether all that fits is taken, if it is at least half of the network
  public Trainer from(Weights weights, boolean partial) {
    return from(weights, partial, List.of());
  }

  /// @param head layers that start anew, whatever the file has for them
  public Trainer from(Weights weights, boolean partial, List<String> head) {
    return with(
        task.settings,
        task.reporter,
        task.checkpoints,
        task.command,
        Optional.of(new Start(weights, partial, List.copyOf(head))));
  }

  private Trainer with(
      Settings settings,
      Reporter reporter,
      Duration checkpoints,
      String command,
      Optional<Start> weights) {
    return new Trainer(
        new Task(
            task.folder,
            task.config,
            task.source,
            settings,
            reporter,
            checkpoints,
            command,
            weights,
            task.fresh));
  }

  /// Trains until the last epoch is done, a limit is reached, or somebody wishes to stop. Whatever
  /// ends it, the run is saved; but for [Outcome.End#FINISHED] it can be resumed.
  ///
  /// @throws InputException if data, model and config do not fit together, if the loss is no longer
  ///   a number, or if the end of the run could not be saved
  public Outcome run(Stop stop) {
    try (var _ = task.folder.lock()) {
      return new Session(Setup.open(task)).run(stop);
    } finally {
      task.folder.forgetUnlessBegun();
    }
  }
}
