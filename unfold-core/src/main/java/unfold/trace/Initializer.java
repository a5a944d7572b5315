package unfold.trace;

import unfold.random.Stream;
import unfold.tensor.Tensor;

/// How a parameter or state starts. Implementations are value records (in `unfold.layer`), so that
/// they can be compared, printed and stored.
@FunctionalInterface
public interface Initializer {
  /// Writes every element of `t`. The same stream gives the same numbers.
  void fill(Tensor t, Stream random);
}
