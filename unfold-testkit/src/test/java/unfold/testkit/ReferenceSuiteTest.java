package unfold.testkit;

import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicNode;
import org.junit.jupiter.api.TestFactory;
import unfold.backend.reference.ReferenceBackend;

/// The reference behind the wall gives what the reference gives outside.
class ReferenceSuiteTest {
  @TestFactory
  Stream<DynamicNode> agreesWithItself() {
    return BackendSuite.tests(new ReferenceBackend());
  }
}
