package unfold.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import unfold.error.InputException;

final class KnobsTest {
  @Test
  void everyKnobAcceptsItsDefaultAndExplainsItself() {
    for (Knob<?> knob : Knobs.all()) {
      assertThat(knob.parse(knob.fallback())).as(knob.name()).isNotNull();
      assertThat(knob.name()).matches("UNFOLD_[A-Z_]+");
      assertThat(knob.meaning()).isNotBlank();
    }
  }

  @Test
  void namesVariablesThatWouldDoNothing() {
    var environment =
        Map.of("UNFOLD_MEMORY", "1MB", "UNFOLD_THREADS", "2", "UNFOLD_JAVA_HOME", "x", "HOME", "y");
    assertThat(Knobs.misnamed(environment))
        .containsExactly(
            "UNFOLD_MEMORY is no knob and does nothing; did you mean UNFOLD_MEMORY_BUDGET?");
  }

  @Test
  void aSystemPropertyWinsOverTheDefault() {
    String property = Knobs.THREADS.property();
    assertThat(property).isEqualTo("unfold.threads");
    String before = System.getProperty(property);
    try {
      System.setProperty(property, " 3 ");
      assertThat(Knobs.THREADS.value()).isEqualTo(3);
    } finally {
      if (before == null) {
        System.clearProperty(property);
      } else {
        System.setProperty(property, before);
      }
    }
  }

  @Test
  void readsSizesNamesAndConstants() {
    assertThat(Knobs.MEMORY_BUDGET.parse("512MiB")).isEqualTo(512L << 20);
    assertThat(Knobs.MEMORY_BUDGET.parse("8g")).isEqualTo(8L << 30);
    assertThat(Knobs.MEMORY_BUDGET.parse("1000")).isEqualTo(1000);
    assertThat(Knobs.MEMORY_BUDGET.parse("50%"))
        .isBetween(
            Knobs.MEMORY_BUDGET.parse("100%") / 2 - 100, Knobs.MEMORY_BUDGET.parse("100%") / 2);
    assertThat(Knobs.BACKENDS.parse("onednn, reference")).isEqualTo(List.of("onednn", "reference"));
    assertThat(Knobs.TUNE.parse("Off")).isEqualTo(Knobs.Tuning.OFF);
  }

  @Test
  void aWrongTextNamesTheKnobAndWhatItExpects() {
    assertThatThrownBy(() -> Knobs.THREADS.parse("0"))
        .isInstanceOf(InputException.class)
        .hasMessage(
            "UNFOLD_THREADS=0: expected auto or a number from 1 to 9999 (threads that compute;"
                + " auto takes all processors of this process; default auto)");
    assertThatThrownBy(() -> Knobs.MEMORY_BUDGET.parse("8 elephants"))
        .hasMessageContaining("expected a size such as 8GiB or 512MiB, or 1% to 100%");
    assertThatThrownBy(() -> Knobs.PRECISION.parse("fp16"))
        .hasMessageContaining("expected auto, f32, bf16");
    assertThatThrownBy(() -> Knobs.BACKENDS.parse("oneDNN;x"))
        .hasMessageContaining("expected auto or names separated by commas");
  }
}
