package unfold.bench.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

final class PraiseTest {
  @Test
  void aNetworkThatReadsInOrderKnowsWhatNotTurns() {
    assertThat(
            Praise.answers(List.of("really very good", "really not very good", "not really bad")))
        .containsExactly(1, 0, 1);
  }
}
