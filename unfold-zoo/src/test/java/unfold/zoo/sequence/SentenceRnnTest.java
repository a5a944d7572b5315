package unfold.zoo.sequence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.junit.jupiter.api.Test;
import unfold.error.InputException;
import unfold.tensor.Shape;

final class SentenceRnnTest {
  @Test
  void parametersAreThoseOfTorchInNamesAndNumber() {
    var traced = SentenceRnn.model(Map.of("vocabulary", "100", "classes", "2")).answering(3, 7);
    assertThat(traced.graph().result("logits").orElseThrow().type().shape())
        .isEqualTo(Shape.of(3, 2));
    assertThat(traced.parameters())
        .isEqualTo(100 * 128 + 2 * 4 * (2 * 128 * 128 + 2 * 128) + 2 * 256 + 2);
    assertThat(traced.state("lstm.weight_hh_l0_reverse")).isPresent();
  }

  @Test
  void optionsChangeWhatTheySay() {
    var traced =
        SentenceRnn.model(
                Map.of(
                    "vocabulary", "100",
                    "classes", "5",
                    "cell", "gru",
                    "bidirectional", "false",
                    "num-layers", "2",
                    "embedding-size", "16",
                    "rnn-size", "32"))
            .answering(1, 1);
    assertThat(traced.parameters())
        .isEqualTo(
            100 * 16 + 3 * (32 * 16 + 32 * 32 + 2 * 32) + 3 * (2 * 32 * 32 + 2 * 32) + 5 * 32 + 5);
  }

  @Test
  void optionsThatAreMissingOrOutOfRangeAreNamed() {
    assertThatThrownBy(() -> SentenceRnn.model(Map.of("vocabulary", "9")))
        .isInstanceOf(InputException.class)
        .hasMessage("sentiment needs the option 'classes'");
    assertThatThrownBy(
            () -> SentenceRnn.model(Map.of("vocabulary", "9", "classes", "2", "dropout", "1")))
        .hasMessage("sentiment: dropout=1 must be in 0 … 1, 1 excluded");
  }
}
