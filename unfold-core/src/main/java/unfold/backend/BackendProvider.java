package unfold.backend;

import java.util.Optional;

/// How a backend module is found; implementations have a public constructor without arguments and
/// do nothing in it.
public interface BackendProvider {

  String name();

  /// Where this backend stands when several offer a kernel and nothing is timed: lower comes first.
  int order();

  /// Why this backend cannot work on this machine, with the remedy; empty if it can.
  Optional<String> unavailable();

  /// Loads ahead what [#open] and the first kernels would wait for; called on a thread of its own,
  /// perhaps while the others are called on another one.
  default void prepare() {}

  /// Threads shared with this backend's native library, if it brings any: work given to them does
  /// not compete with the library's own. Called only if available.
  default Optional<Workers> workers(int threads) {
    return Optional.empty();
  }

  /// The backend, computing on these workers. Called only if available.
  Backend open(Workers workers);
}
