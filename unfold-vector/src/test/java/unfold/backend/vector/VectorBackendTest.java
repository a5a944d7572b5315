package unfold.backend.vector;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ServiceLoader;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicNode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import unfold.backend.BackendProvider;
import unfold.backend.PoolWorkers;
import unfold.testkit.BackendSuite;

class VectorBackendTest {

  @TestFactory
  Stream<DynamicNode> agreesWithTheReference() {
    return BackendSuite.tests(new PureBackend(new PoolWorkers(2)));
  }

  @Test
  void isFoundAndAvailableHere() {
    assertThat(ServiceLoader.load(BackendProvider.class))
        .anySatisfy(p -> {
          assertThat(p).isInstanceOf(VectorProvider.class);
          assertThat(p.unavailable()).isEmpty();
        });
  }

  @Test
  void saysHowToSwitchTheVectorApiOn() {
    assertThat(VectorProvider.present("jdk.incubator.vector.Absent")).isFalse();
  }
}
