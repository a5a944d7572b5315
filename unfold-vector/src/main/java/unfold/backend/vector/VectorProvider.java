package unfold.backend.vector;

import java.util.Optional;
import unfold.backend.Backend;
import unfold.backend.BackendProvider;
import unfold.backend.Workers;

/// Finds this backend, if the JVM was started with the Vector API.
public final class VectorProvider implements BackendProvider {
  private static final String PROBE = "jdk.incubator.vector.FloatVector";

  @Override
  public String name() {
    return "vector";
  }

  /// Before the native libraries: what is offered here is memory-bound and faster here.
  @Override
  public int order() {
    return 10;
  }

  @Override
  public Optional<String> unavailable() {
    return present(PROBE)
        ? Optional.empty()
        : Optional.of(
            "the Vector API is not loaded: start Java with --add-modules jdk.incubator.vector");
  }

  @Override
  public void prepare() {
    if (unavailable().isEmpty()) {
      Object _ = Raw.F;
    }
  }

  static boolean present(String className) {
    try {
      Class.forName(className, false, VectorProvider.class.getClassLoader());
      return true;
    } catch (ClassNotFoundException _) {
      return false;
    }
  }

  @Override
  public Backend open(Workers workers) {
    return new PureBackend(workers);
  }
}
