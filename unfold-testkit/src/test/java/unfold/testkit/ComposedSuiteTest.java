package unfold.testkit;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicNode;
import org.junit.jupiter.api.TestFactory;
import unfold.backend.composed.ComposedBackend;
import unfold.backend.reference.ReferenceBackend;

/// Recurrent layers, unrolled into products and gates of the reference.
class ComposedSuiteTest {
  @TestFactory
  Stream<DynamicNode> agreesWithTheReference() {
    return BackendSuite.tests(new ComposedBackend(List.of(new ReferenceBackend())));
  }
}
