package unfold.train.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import unfold.error.InputException;

final class TextsTest {
  @Test
  void unfoldsOwnSourcesAreInTheJarOrTheUserIsToldWhatToDo() {
    if (Texts.class.getResource("java.txt") == null) {
      assertThatThrownBy(() -> Texts.named(Texts.JAVA))
          .isInstanceOf(InputException.class)
          .hasMessageContaining("give a text of your own with --text FILE");
    } else {
      assertThat(Texts.named(Texts.JAVA))
          .hasSizeGreaterThan(1_000_000)
          .contains("public final class Texts {", "public sealed interface Linear extends Op {");
    }
  }
}
