package unfold.layer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import unfold.backend.reference.Reference;
import unfold.tensor.DType;
import unfold.tensor.Tensor;
import unfold.tensor.TensorType;
import unfold.trace.Mode;
import unfold.trace.Traced;
import unfold.trace.Tracer;

final class ScheduledDropPathTest {
  private static final int ITEMS = 1000;

  @ParameterizedTest
  @CsvSource({"0, 0", "50, 0.2", "100, 0.4", "1000, 0.4"})
  void dropsMoreAndMoreItems(int step, double rate) {
    Traced traced = trace(Mode.TRAIN);
    Tensor x = Tensor.zeros(TensorType.f32(ITEMS, 1, 1, 2));
    for (int i = 0; i < x.size(); i++) {
      x.set(i, 1);
    }
    Tensor key = Tensor.zeros(DType.I32, 4);
    key.set(2, step);
    Tensor y = Reference.evaluate(traced.graph(), Map.of("x", x, "key", key)).result("y");
    int dropped = 0;
    for (int n = 0; n < ITEMS; n++) {
      assertThat(y.get(2L * n))
          .isEqualTo(y.get(2L * n + 1))
          .isIn(0.0, (double) (float) (1 / (1 - rate)));
      dropped += y.get(2L * n) == 0 ? 1 : 0;
    }
    assertThat(dropped / (double) ITEMS).isBetween(rate - 0.05, rate + 0.05);
  }

  @Test
  void isNothingInEvaluation() {
    assertThat(trace(Mode.EVAL).graph().nodes()).isEmpty();
  }

  @Test
  void refusesRatesAndSteps() {
    assertThatThrownBy(() -> new ScheduledDropPath(1, 0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("dropout rate 1.0 must be in [0, 1), and steps 0 at least 1");
  }

  private static Traced trace(Mode mode) {
    return Tracer.trace(
        "drop", new ScheduledDropPath(0.4, 100), TensorType.f32(ITEMS, 1, 1, 2), mode);
  }
}
