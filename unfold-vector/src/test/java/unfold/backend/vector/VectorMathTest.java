package unfold.backend.vector;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.lang.foreign.Arena;
import java.util.function.DoubleUnaryOperator;
import java.util.function.UnaryOperator;
import jdk.incubator.vector.FloatVector;
import org.junit.jupiter.api.Test;

/// The errors that [VectorMath] claims.
class VectorMathTest {
  private static final int STEPS = 40_000;

  @Test
  void expIsWithin2Ulp() {
    assertThat(worstUlp(VectorMath::exp, Math::exp, -87.3, 88.37)).isLessThan(2);
  }

  @Test
  void expm1IsWithin4Ulp() {
    assertThat(worstUlp(VectorMath::expm1, Math::expm1, -80, 80)).isLessThan(4);
    assertThat(worstUlp(VectorMath::expm1, Math::expm1, -0.5, 0.5)).isLessThan(4);
  }

  @Test
  void sigmoidIsWithin4Ulp() {
    assertThat(worstUlp(VectorMath::sigmoid, x -> 1 / (1 + Math.exp(-x)), -86, 86)).isLessThan(4);
  }

  @Test
  void tanhIsWithin6Ulp() {
    assertThat(worstUlp(VectorMath::tanh, Math::tanh, -12, 12)).isLessThan(6);
    assertThat(worstUlp(VectorMath::tanh, Math::tanh, -0.7, 0.7)).isLessThan(6);
  }

  @Test
  void logIsWithin3UlpAndKnowsItsEnds() {
    assertThat(worstUlp(VectorMath::log, Math::log, 1e-3, 0.9)).isLessThan(3);
    assertThat(worstUlp(VectorMath::log, Math::log, 0.9, 1.1)).isLessThan(3);
    assertThat(worstUlp(VectorMath::log, Math::log, 1.1, 1e30)).isLessThan(3);
    assertThat(worstUlp(VectorMath::log, Math::log, 1e-44, 1e-38)).isLessThan(3);
    assertThat(at(VectorMath::log, 0)).isEqualTo(Float.NEGATIVE_INFINITY);
    assertThat(at(VectorMath::log, -1)).isNaN();
    assertThat(at(VectorMath::log, Float.NaN)).isNaN();
    assertThat(at(VectorMath::log, Float.POSITIVE_INFINITY)).isEqualTo(Float.POSITIVE_INFINITY);
  }

  @Test
  void log1pIsWithin3Ulp() {
    assertThat(worstUlp(VectorMath::log1p, Math::log1p, 0, 1)).isLessThan(3);
  }

  @Test
  void softplusIsWithin4Ulp() {
    DoubleUnaryOperator exact = x -> Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)));
    assertThat(worstUlp(VectorMath::softplus, exact, -80, 80)).isLessThan(4);
  }

  @Test
  void gatesAreWithinAFewTenMillionths() {
    for (int i = -4000; i <= 4000; i++) {
      float x = i / 200f;
      assertThat(at(VectorMath::tanh, x)).isCloseTo((float) Math.tanh(x), within(3e-7f));
      float sigmoid = (float) (1 / (1 + Math.exp(-x)));
      assertThat(at(VectorMath::gate, x)).isCloseTo(sigmoid, within(2e-7f));
    }
    assertThat(at(VectorMath::gate, Float.NEGATIVE_INFINITY)).isCloseTo(0, within(2e-7f));
  }

  @Test
  void infinityAndNanPassThrough() {
    float[] x = {Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY};
    assertThat(at(VectorMath::exp, x[0])).isNaN();
    assertThat(at(VectorMath::tanh, x[0])).isNaN();
    assertThat(at(VectorMath::sigmoid, x[0])).isNaN();
    assertThat(at(VectorMath::tanh, x[1])).isCloseTo(1, within(3e-7f));
    assertThat(at(VectorMath::tanh, x[2])).isCloseTo(-1, within(3e-7f));
    assertThat(at(VectorMath::sigmoid, x[1])).isEqualTo(1);
  }

  private static float at(UnaryOperator<FloatVector> f, float x) {
    return f.apply(FloatVector.broadcast(Raw.F, x)).lane(0);
  }

  private static double worstUlp(
      UnaryOperator<FloatVector> f, DoubleUnaryOperator exact, double from, double to) {
    double worst = 0;
    try (Arena arena = Arena.ofConfined()) {
      long x = arena.allocate(4L * Raw.L, 64).address();
      for (int i = 0; i < STEPS; i += Raw.L) {
        for (int j = 0; j < Raw.L; j++) {
          Raw.putF32(x, j, (float) (from + (to - from) * (i + j + 0.37) / STEPS));
        }
        FloatVector y = f.apply(Raw.f32(x));
        for (int j = 0; j < Raw.L; j++) {
          double want = exact.applyAsDouble(Raw.getF32(x, j));
          worst = Math.max(worst, Math.abs(y.lane(j) - want) / Math.ulp((float) want));
        }
      }
    }
    return worst;
  }
}
