package unfold.bench;

import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicNode;
import org.junit.jupiter.api.TestFactory;
import unfold.engine.Engine;
import unfold.engine.Settings;
import unfold.testkit.BackendSuite;

/// Recurrent layers, composed of this machine's products and gates.
class RecurrentBackendTest {
  @TestFactory
  Stream<DynamicNode> agreesWithTheReference() {
    return Engine.open(Settings.defaults()).backends().stream()
        .filter(b -> b.name().equals("composed"))
        .flatMap(BackendSuite::tests);
  }
}
