package unfold.layer;

import unfold.random.Stream;
import unfold.tensor.Tensor;
import unfold.trace.Initializer;

/// Biases of a gate that keeps the state: ln u, u uniform between 1 and span − 1. A gate of σ(ln u)
/// keeps the share u / (1 + u) a step, so a unit forgets within about u + 1 steps: some units after
/// two, some not before the end of a sequence of `span` steps.
///
/// @source Tallec, Ollivier: Can recurrent neural networks warp time? (2018), 3 (chrono
///   initialization)
public record Chrono(int span) implements Initializer {
  /// The shortest span that has more than one u.
  public static final int LEAST = 3;

  public Chrono {
    if (span < LEAST) {
      throw new IllegalArgumentException("chrono: span " + span + " must be at least " + LEAST);
    }
  }

  @Override
  public void fill(Tensor t, Stream random) {
    for (long i = 0; i < t.size(); i++) {
      t.set(i, Math.log(random.uniform(1, span - 1)));
    }
  }
}
