package unfold.backend.composed;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import unfold.backend.Backend;
import unfold.backend.Call;
import unfold.backend.Candidate;
import unfold.backend.Layout;
import unfold.backend.Offer;
import unfold.backend.Workers;
import unfold.op.Linear.MatMul;
import unfold.op.Pointwise.Binary;
import unfold.op.Pointwise.BinaryFunction;
import unfold.op.RecurrentStep;
import unfold.tensor.DType;
import unfold.tensor.TensorType;

/// Finds those who compute the parts of a layer.
final class Parts {
  private final List<Backend> backends;
  private final Workers workers;

  Parts(List<Backend> backends, Workers workers) {
    this.backends = List.copyOf(backends);
    this.workers = workers;
  }

  /// The threads that copy between parts.
  Workers workers() {
    return workers;
  }

  /// Nobody computes a part.
  static final class Missing extends RuntimeException {
    private static final long serialVersionUID = 1;

    Missing(String message) {
      super(message);
    }
  }

  /// How a product takes its weight.
  enum Weight {
    /// in whatever order is fastest for many products
    ANY,
    /// row-major, as a part of a larger one
    ROW_MAJOR
  }

  /// The matrix product a·b or a·bᵀ in f32, plus a bias if there is one.
  Candidate product(
      boolean transpose, TensorType a, TensorType b, Optional<TensorType> bias, Weight weight) {
    return product(new MatMul(false, transpose, DType.F32), a, b, bias, weight);
  }

  /// A matrix product, plus a bias if there is one.
  Candidate product(
      MatMul op, TensorType a, TensorType b, Optional<TensorType> bias, Weight weight) {
    var types = new ArrayList<>(List.of(a, b));
    bias.ifPresent(types::add);
    var call = Call.of(op, types);
    return first(
        call,
        c -> weight == Weight.ANY && c.inputs().get(1) instanceof Layout.Packed,
        c -> Layout.isStandard(c.inputs().get(1), b.shape()));
  }

  /// aᵀ·b.
  Candidate sumOfProducts(DType out, TensorType a, TensorType b) {
    var op = new MatMul(true, false, out);
    return product(op, a, b, Optional.empty(), Weight.ROW_MAJOR);
  }

  /// a + b.
  Candidate sum(TensorType type) {
    var call = Call.of(new Binary(BinaryFunction.ADD), List.of(type, type));
    return first(call, _ -> false, c -> Layout.isStandard(c.inputs().get(1), type.shape()));
  }

  /// The gates of a step.
  ///
  /// @param wanted which results anybody reads
  Candidate gates(RecurrentStep op, List<TensorType> inputs, List<Boolean> wanted) {
    var all = Call.of(op, inputs);
    return first(new Call(op, inputs, all.outputs(), all.layouts(), wanted), _ -> false, _ -> true);
  }

  @FunctionalInterface
  private interface Test {
    boolean holds(Candidate c);
  }

  /// The first candidate of the first backend with one that is good, else one that will do.
  private Candidate first(Call call, Test good, Test enough) {
    for (Backend b : backends) {
      if (b.offer(call) instanceof Offer.Accepted(var candidates)) {
        var usual = candidates.stream().filter(c -> othersStandard(c, call)).toList();
        var found =
            usual.stream()
                .filter(good::holds)
                .findFirst()
                .or(() -> usual.stream().filter(enough::holds).findFirst());
        if (found.isPresent()) {
          return found.get();
        }
      }
    }
    throw new Missing("nobody computes " + call.op().name() + " of " + call.inputs());
  }

  /// Whether all but the second operand lie as they do here.
  private static boolean othersStandard(Candidate c, Call call) {
    for (int i = 0; i < call.inputs().size(); i++) {
      if (i != 1 && !Layout.isStandard(c.inputs().get(i), call.inputs().get(i).shape())) {
        return false;
      }
    }
    boolean steps = call.op() instanceof RecurrentStep;
    if (steps && !Layout.isStandard(c.inputs().get(1), call.inputs().get(1).shape())) {
      return false;
    }
    for (int i = 0; i < call.outputs().size(); i++) {
      if (!Layout.isStandard(c.outputs().get(i), call.outputs().get(i).shape())) {
        return false;
      }
    }
    return true;
  }
}
