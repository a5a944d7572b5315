package unfold.bench.examples;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class HelloTest {
  @Test
  void aNetworkOfThreeUnitsLearnsToSpellHello() {
    assertThat(Hello.learned(0)).isNotEqualTo("hello");
    assertThat(Hello.learned(100)).isEqualTo("hello");
  }
}
