package unfold.layer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import unfold.error.ShapeException;
import unfold.tensor.DType;
import unfold.tensor.Shape;
import unfold.tensor.Tensor;
import unfold.tensor.TensorType;
import unfold.trace.Initializer;
import unfold.trace.Mode;
import unfold.trace.Tracer;

final class InitializerTest {
  /// 40·30·3·3 = 10,800 numbers: fan in 270, fan out 360.
  private static final TensorType WEIGHT = TensorType.f32(40, 30, 3, 3);

  static Stream<Arguments> deviations() {
    return Stream.of(
        Arguments.of(new Normal(0, 0.5), 0.5),
        Arguments.of(new Uniform(-1, 1), 1 / Math.sqrt(3)),
        Arguments.of(Xavier.uniform(), Math.sqrt(2.0 / 630)),
        Arguments.of(Xavier.normal().gain(5.0 / 3), 5.0 / 3 * Math.sqrt(2.0 / 630)),
        Arguments.of(He.normal(), Math.sqrt(2.0 / 270)),
        Arguments.of(He.normal().fan(Fan.OUT), Math.sqrt(2.0 / 360)),
        Arguments.of(He.uniform().slope(2), Math.sqrt(2.0 / 5 / 270)),
        Arguments.of(new TorchDefault(), 1 / Math.sqrt(3 * 270)));
  }

  @ParameterizedTest
  @MethodSource("deviations")
  void hasTheDeviationOfItsFormula(Initializer initializer, double deviation) {
    double[] w = filled(initializer, WEIGHT);
    double mean = Arrays.stream(w).average().orElseThrow();
    double square = Arrays.stream(w).map(x -> x * x).average().orElseThrow();
    // Four standard errors of 10,800 normal numbers.
    assertThat(mean).isEqualTo(0, within(4 * deviation / Math.sqrt(w.length)));
    assertThat(Math.sqrt(square))
        .isEqualTo(deviation, within(4 * deviation / Math.sqrt(2.0 * w.length)));
  }

  @Test
  void uniformOnesFillTheirIntervalAndStayInside() {
    double bound = 1 / Math.sqrt(270);
    assertThat(Arrays.stream(filled(new TorchDefault(), WEIGHT)).map(Math::abs).max().orElseThrow())
        .isBetween(0.999 * bound, Math.nextUp((float) bound) * 1.0);
    double xavier = Math.sqrt(6.0 / 630);
    assertThat(Arrays.stream(filled(Xavier.uniform(), WEIGHT)).map(Math::abs).max().orElseThrow())
        .isBetween(0.999 * xavier, Math.nextUp((float) xavier) * 1.0);
  }

  @Test
  void orthogonalRowsOrColumnsHaveLengthGain() {
    for (int[] size : new int[][] {{5, 9}, {9, 5}, {6, 6}}) {
      double[] w = filled(new Orthogonal(2), TensorType.f32(size));
      boolean tall = size[0] > size[1];
      int count = Math.min(size[0], size[1]);
      for (int i = 0; i < count; i++) {
        for (int j = 0; j < count; j++) {
          double dot = 0;
          for (int k = 0; k < Math.max(size[0], size[1]); k++) {
            dot +=
                tall
                    ? w[k * size[1] + i] * w[k * size[1] + j]
                    : w[i * size[1] + k] * w[j * size[1] + k];
          }
          assertThat(dot).isEqualTo(i == j ? 4 : 0, within(1e-5));
        }
      }
    }
  }

  /// Large tensors are filled in parts on all threads.
  @Test
  void numbersAreThoseThatOneThreadWouldDraw() {
    for (boolean late : new boolean[] {false, true}) {
      for (int n : new int[] {3 * (1 << 16), 3 * (1 << 16) + 5}) {
        var once = unfold.random.Stream.of(1, "large", 2);
        var again = unfold.random.Stream.of(1, "large", 2);
        if (late) { // begins within a block
          once.nextInt();
          again.nextInt();
        }
        Tensor t = Tensor.zeros(new TensorType(DType.F64, Shape.of(n)));
        new Normal(1, 2).fill(t, once);
        for (int i = 0; i < n; i++) {
          assertThat(t.get(i)).isEqualTo(1 + 2 * again.nextGaussian());
        }
        new Uniform(0, 3).fill(t, once);
        for (int i = 0; i < n; i++) {
          assertThat(t.get(i)).isEqualTo(again.uniform(0, 3));
        }
        assertThat(once.nextInt()).isEqualTo(again.nextInt());
      }
    }
  }

  @Test
  void constantsAreConstant() {
    assertThat(filled(new Constant(0.25), TensorType.f32(3))).containsOnly(0.25);
    Tensor t = Tensor.of(Shape.of(2), 1f, 2f);
    new Zeros().fill(t, unfold.random.Stream.of(1, "zeros", 0));
    assertThat(t.toDoubles()).containsOnly(0);
  }

  @Test
  void aBiasGoesWithItsWeights() {
    var torch = Tracer.trace("t", new Conv2d(30, 2000, 3), TensorType.f32(1, 30, 3, 3), Mode.EVAL);
    double[] bias = torch.state("bias").orElseThrow().initial(7).toDoubles();
    assertThat(Arrays.stream(bias).map(Math::abs).max().orElseThrow())
        .isBetween(0.99 / Math.sqrt(270), 1.0001 / Math.sqrt(270));
    var he = Tracer.trace("t", new Linear(3, 5).init(He.normal()), TensorType.f32(1, 3), Mode.EVAL);
    assertThat(he.state("bias").orElseThrow().initial(7).toDoubles()).containsOnly(0);
  }

  @Test
  void numbersDependOnSeedAndNameOnly() {
    var small = Tracer.trace("s", Sequential.of(new Linear(3, 5)), TensorType.f32(1, 3), Mode.EVAL);
    var large =
        Tracer.trace(
            "l",
            new Sequential().then("x", new Linear(3, 3)).then("0", new Linear(3, 5)),
            TensorType.f32(1, 3),
            Mode.TRAIN);
    double[] a = small.state("0.weight").orElseThrow().initial(7).toDoubles();
    assertThat(large.state("0.weight").orElseThrow().initial(7).toDoubles()).isEqualTo(a);
    assertThat(small.state("0.weight").orElseThrow().initial(8).toDoubles()).isNotEqualTo(a);
    assertThat(small.state("0.bias").orElseThrow().initial(7).toDoubles())
        .isNotEqualTo(Arrays.copyOf(a, 5));
  }

  @Test
  void fansNeedAMatrix() {
    assertThatThrownBy(() -> filled(He.normal(), TensorType.f32(3)))
        .isInstanceOf(ShapeException.class)
        .hasMessage("an initialiser that counts connections needs a weight [O×I…], not [3]");
  }

  private static double[] filled(Initializer initializer, TensorType type) {
    Tensor t = Tensor.zeros(type);
    initializer.fill(t, unfold.random.Stream.of(20261123, "test", 0));
    return t.toDoubles();
  }
}
