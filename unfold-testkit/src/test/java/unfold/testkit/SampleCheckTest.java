package unfold.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import unfold.backend.reference.ReferenceBackend;

class SampleCheckTest {
  @Test
  void runsANamedSampleOnAllBackendsAndChecksItsGradient() {
    var check = SampleCheck.run("conv2d n2c4h5w5-o4k3s2p1g1", List.of(new ReferenceBackend()));
    assertThat(check.passes()).isTrue();
    assertThat(check.rows()).extracting(SampleCheck.Row::backend).containsOnly("reference");
    assertThat(check.rows())
        .extracting(r -> r.real().toString())
        .containsSubsequence("f64", "f32", "bf16");
    assertThat(check.toString().lines().toList())
        .startsWith(
            "conv2d n2c4h5w5-o4k3s2p1g1",
            "  reference  f64    0.000  plain",
            "  reference  f64    0.000  plain on unaligned views",
            "  reference  f64    0.000  plain, operands row-major")
        .endsWith("all good (errors as a share of what is allowed)");
    assertThat(check.toString())
        .contains("gradient of 'conv2d n2c4h5w5-o4k3s2p1g1', seed " + BackendSuite.SEED + ": by ");
  }

  @Test
  void aSampleWithoutGradientHasNone() {
    var check = SampleCheck.run("argmax 8x10 axis=1", List.of(new ReferenceBackend()));
    assertThat(check.gradient()).isEmpty();
    assertThat(check.passes()).isTrue();
  }
}
