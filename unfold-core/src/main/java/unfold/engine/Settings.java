package unfold.engine;

import java.util.List;
import java.util.Map;
import unfold.config.Knobs;
import unfold.config.Precision;

/// What an engine is opened with.
///
/// @param threads that compute
/// @param budgetBytes the most off-heap memory one program may take
/// @param backends by name in order of preference; empty for all that work here
/// @param choices kernels chosen by an earlier run, to be taken again
public record Settings(
    Precision precision,
    int threads,
    long budgetBytes,
    List<String> backends,
    Knobs.Tuning tuning,
    Map<String, String> choices) {
  public Settings {
    backends = List.copyOf(backends);
    choices = Map.copyOf(choices);
  }

  /// As the knobs of this process say.
  public static Settings defaults() {
    return new Settings(
        Knobs.PRECISION.value(),
        Knobs.THREADS.value(),
        Knobs.MEMORY_BUDGET.value(),
        Knobs.BACKENDS.value(),
        Knobs.TUNE.value(),
        Map.of());
  }

  public Settings precision(Precision to) {
    return new Settings(to, threads, budgetBytes, backends, tuning, choices);
  }

  public Settings threads(int to) {
    return new Settings(precision, to, budgetBytes, backends, tuning, choices);
  }

  public Settings budgetBytes(long to) {
    return new Settings(precision, threads, to, backends, tuning, choices);
  }

  public Settings backends(String... names) {
    return new Settings(precision, threads, budgetBytes, List.of(names), tuning, choices);
  }

  public Settings tuning(Knobs.Tuning to) {
    return new Settings(precision, threads, budgetBytes, backends, to, choices);
  }

  public Settings choices(Map<String, String> earlier) {
    return new Settings(precision, threads, budgetBytes, backends, tuning, earlier);
  }
}
