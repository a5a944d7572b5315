package unfold.layer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import unfold.random.Stream;
import unfold.tensor.DType;
import unfold.tensor.Tensor;
import unfold.tensor.TensorType;
import unfold.trace.Mode;
import unfold.trace.Tracer;

final class ChronoTest {
  private static final int IN = 3;
  private static final int HIDDEN = 500;

  @ParameterizedTest
  @ValueSource(ints = {3, 20, 400})
  void biasesAreLogarithmsOfTimesUniformUpToTheSpan(int span) {
    Tensor t = Tensor.zeros(DType.F32, 10_000);
    new Chrono(span).fill(t, Stream.of(1, "chrono", 0));
    double[] times = Arrays.stream(t.toDoubles()).map(Math::exp).toArray();
    double range = span - 2;
    assertThat(Arrays.stream(times).min().orElseThrow()).isBetween(1 - 1e-6, 1 + 0.002 * range);
    assertThat(Arrays.stream(times).max().orElseThrow())
        .isBetween(span - 1 - 0.002 * range, (span - 1) * (1 + 1e-6));
    // Uniform numbers have half their range for a mean; four standard errors of 10,000 of them.
    assertThat(Arrays.stream(times).average().orElseThrow())
        .isCloseTo(span / 2.0, within(4 * range / Math.sqrt(12 * times.length)));
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void onlyTheUpdateGateOfAGruWithASpanStartsSo(boolean resetAfter) {
    double[] plain = biases(new Gru(resetAfter, 0));
    double[] spanned = biases(new Gru(resetAfter, 0).span(100));
    double usual = 1 / Math.sqrt(HIDDEN) + 1e-6;
    assertThat(Arrays.stream(plain).map(Math::abs).max().orElseThrow()).isLessThan(usual);
    for (int j = 0; j < HIDDEN; j++) {
      assertThat(Math.abs(spanned[j])).as("r of unit %d", j).isLessThan(usual);
      assertThat(spanned[HIDDEN + j]).as("z of unit %d", j).isBetween(0.0, Math.log(99) + 1e-6);
      assertThat(Math.abs(spanned[2 * HIDDEN + j])).as("n of unit %d", j).isLessThan(usual);
    }
    double[] z = Arrays.copyOfRange(spanned, HIDDEN, 2 * HIDDEN);
    assertThat(Arrays.stream(z).max().orElseThrow()).isGreaterThan(Math.log(95));
  }

  /// `bias_ih` as a layer with this cell starts.
  private static double[] biases(Gru cell) {
    var tracer = new Tracer("gru", Mode.EVAL);
    var x = tracer.feed("x", TensorType.f32(2, 1, IN));
    var layer = new Recurrent(cell, IN, HIDDEN).timeMajor(true);
    tracer.result("y", layer.run(tracer.root(), x, Recurrent.Given.NOTHING).states().getFirst());
    return tracer.build().states().stream()
        .filter(d -> d.name().equals("bias_ih_l0"))
        .map(d -> d.initial(1).toDoubles())
        .findFirst()
        .orElseThrow();
  }

  @ParameterizedTest
  @ValueSource(ints = {-1, 1, 2})
  void spansThatLeaveNoChoiceAreRefused(int span) {
    assertThatThrownBy(() -> new Gru().span(span))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("gru: span " + span + " must be 0 or at least 3");
    assertThatThrownBy(() -> new Chrono(span))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("chrono: span " + span + " must be at least 3");
  }
}
