package unfold.backend.onednn;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicNode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import unfold.backend.Backend;
import unfold.testkit.BackendSuite;

final class OneDnnBackendTest {
  private final OneDnnProvider provider = new OneDnnProvider();

  @Test
  void isAvailableHere() {
    assertThat(provider.unavailable()).isEmpty();
  }

  @TestFactory
  Stream<DynamicNode> agreesWithTheReference() {
    return BackendSuite.tests(open(2));
  }

  private Backend open(int threads) {
    return provider.open(provider.workers(threads).orElseThrow());
  }
}
