package unfold.backend;

/// A computation bound to its memory. Called by one thread at a time; allocates nothing.
@FunctionalInterface
public interface Kernel {
  void run();
}
