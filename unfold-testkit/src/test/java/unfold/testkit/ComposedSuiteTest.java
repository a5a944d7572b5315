package unfold.testkit;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicNode;
import org.junit.jupiter.api.TestFactory;
import unfold.backend.Backend;
import unfold.backend.Call;
import unfold.backend.Candidate;
import unfold.backend.Layout;
import unfold.backend.Offer;
import unfold.backend.Workers;
import unfold.backend.composed.ComposedBackend;
import unfold.backend.reference.ReferenceBackend;
import unfold.tensor.DType;
import unfold.tensor.TensorType;

/// What is composed of kernels of the reference.
class ComposedSuiteTest {
  private final Backend reference = new ReferenceBackend();

  /// Recurrent layers, unrolled into products and gates.
  @TestFactory
  Stream<DynamicNode> unrollsAsTheReferenceComputes() {
    return BackendSuite.tests(
        new ComposedBackend(List.of(reference), Optional.empty(), Workers.single()));
  }

  /// Everything in bf16, by kernels that know f32 alone.
  @TestFactory
  Stream<DynamicNode> widensAsTheReferenceComputes() {
    return BackendSuite.tests(
        new ComposedBackend(
            List.of(new FloatsOnly(reference)), Optional.empty(), Workers.single()));
  }

  /// A backend on a processor without bf16 arithmetic.
  private record FloatsOnly(Backend whole) implements Backend {
    @Override
    public String name() {
      return "floats";
    }

    @Override
    public Offer offer(Call call) {
      return Stream.concat(call.inputs().stream(), call.outputs().stream())
              .anyMatch(t -> t.dtype() == DType.BF16)
          ? Offer.declined("no bf16 here")
          : whole.offer(call);
    }

    @Override
    public Optional<Candidate> convert(
        TensorType from, Layout fromLayout, TensorType to, Layout toLayout) {
      return whole.convert(from, fromLayout, to, toLayout);
    }

    @Override
    public Traits traits() {
      return new Traits(false);
    }
  }
}
