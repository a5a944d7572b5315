package unfold.run;

import java.lang.foreign.MemorySegment;
import java.util.Optional;
import unfold.plan.Stored;
import unfold.tensor.Tensor;

/// Looks for numbers that are not finite. Padding of packed layouts is zero and does no harm.
final class Watch {
  private Watch() {}

  static Optional<NotFinite> look(Stored s, MemorySegment data, int step, String scope, String op) {
    if (!s.type().dtype().isFloat()) {
      return Optional.empty();
    }
    long nan = 0;
    long infinite = 0;
    long words = s.bytes() / s.type().dtype().bytes();
    for (long i = 0; i < words; i++) {
      double x = Tensor.read(data, s.type().dtype(), i);
      if (!Double.isFinite(x)) {
        if (Double.isNaN(x)) {
          nan++;
        } else {
          infinite++;
        }
      }
    }
    return nan + infinite == 0
        ? Optional.empty()
        : Optional.of(
            new NotFinite(step, scope, op, s.value().toString(), s.type(), nan, infinite));
  }
}
