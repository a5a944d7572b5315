package unfold.bench.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import org.junit.jupiter.api.Test;

final class LastSeenTest {
  @Test
  void whatWasSeenLastCanBeToldWithAMemoryOnly() {
    assertThat(LastSeen.accuracy(LastSeen.memory(), 150)).isGreaterThan(0.99);
    assertThat(LastSeen.accuracy(Optional.empty(), 150)).isBetween(0.5, 0.85);
  }
}
