package unfold.train;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import unfold.engine.Engine;
import unfold.run.States;

/// What a run teaches a network: data that was opened and checked, and how it becomes steps. What a
/// run is otherwise (where it stands, what it keeps, when it ends) is the same for every subject.
///
/// A new kind of run is a new subject with its [RunConfig.Data] and, if its items are of a new
/// kind, a constant of [Counted].
public interface Subject {

  /// Opens the data of a config; fails with a clear line if it does not fit the network.
  @FunctionalInterface
  interface Source {
    Subject open(RunConfig config);
  }

  /// The network, as a config names it.
  RunConfig.Network network();

  /// What the items of its scores are.
  Counted counted();

  /// Names of what the network tells apart.
  List<String> classes();

  /// Fingerprint of the data learned from. A run goes on with data of the same fingerprint only.
  String trainData();

  /// Fingerprint of the data that the best epoch is chosen by; empty if there is none.
  Optional<String> heldOut();

  /// What people should know about the data.
  List<String> notes();

  /// What belongs into the run's folder beside the files that every run has, by name.
  default Map<String, String> files() {
    return Map.of();
  }

  /// Steps in an epoch, at least 1.
  long batches();

  /// Items that a step learns from, on average.
  int itemsPerBatch();

  /// Compiles the step and what measures. States that are new get their first values.
  ///
  /// @param kernels to be called after a program was compiled and before it runs
  Lesson open(Engine engine, States states, Runnable kernels);
}
