package unfold.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import unfold.error.InputException;

final class ProcessesTest {
  @Test
  void theLastObjectIsReturnedAndOnlyTheOtherLinesAreShown() {
    var shown = new ByteArrayOutputStream();
    PrintStream before = System.err;
    System.setErr(new PrintStream(shown, true, StandardCharsets.UTF_8));
    String last;
    try {
      last = Processes.lastJsonLine(List.of("printf", "one\\n{\"a\": 1}\\n{\"a\": 2}\\ntwo\\n"));
    } finally {
      System.setErr(before);
    }
    assertThat(last).isEqualTo("{\"a\": 2}");
    assertThat(shown.toString(StandardCharsets.UTF_8).lines())
        .containsExactly("one", "{\"a\": 1}", "two");
  }

  @Test
  void aMeasurementThatFailsOrSaysNothingIsNamed() {
    assertThatThrownBy(() -> Processes.lastJsonLine(List.of("false")))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("status 1: false");
    assertThatThrownBy(() -> Processes.lastJsonLine(List.of("true")))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("status 0: true");
  }
}
