package unfold.config;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class MachineTest {
  @Test
  void aMachineIsOneLineWithItsProcessorsAndJava() {
    assertThat(Machine.here().toString())
        .matches(".+, [1-9][0-9]* processors, .+ .+, Java 2[5-9]\\.\\d+\\.\\d+")
        .doesNotContain("\n");
  }
}
