package unfold.autodiff;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.List;
import org.junit.jupiter.api.Test;
import unfold.backend.reference.Reference;
import unfold.graph.Graph;
import unfold.graph.GraphParser;
import unfold.tensor.DType;
import unfold.tensor.Tensor;

/// The points where a derivative is a convention; ours are PyTorch's. Differences cannot find them.
class ConventionsTest {
  @Test
  void equalOperandsOfMaximumShareTheGradient() {
    assertThat(gradient("binary(%0, %1) f=maximum", "a")).containsExactly(0, 0.5, 1);
    assertThat(gradient("binary(%0, %1) f=maximum", "b")).containsExactly(1, 0.5, 0);
    assertThat(gradient("binary(%0, %1) f=minimum", "a")).containsExactly(1, 0.5, 0);
  }

  @Test
  void equalExtremesShareTheGradientEvenly() {
    assertThat(extreme("fold=max", 2, 7, 7)).containsExactly(0, 0.5, 0.5);
    assertThat(extreme("fold=min", 2, 2, 2)).containsExactly(1 / 3.0, 1 / 3.0, 1 / 3.0);
  }

  @Test
  void absoluteValueIsFlatAtZero() {
    assertThat(gradient("unary(%0) f=abs", "a")).containsExactly(-1, 0, 1);
  }

  @Test
  void rectifierIsFlatAtZero() {
    assertThat(gradient("activate(%0) act=relu", "a")).containsExactly(0, 0, 1);
  }

  @Test
  void powersOfZeroHaveFiniteGradients() {
    String power = "binary(%0, %1) f=power";
    assertThat(values(power, new double[] {0, 0, 3}, new double[] {0, 2, 0}, "a"))
        .containsExactly(0, 0, 0);
    assertThat(values(power, new double[] {0, 0, 1}, new double[] {0, 2, 5}, "b"))
        .containsExactly(0, 0, 0);
  }

  @Test
  void normOfZerosHasNoSlope() {
    assertThat(values("global_norm(%0)", new double[3], new double[3], "a", "()"))
        .containsExactly(0, 0, 0);
  }

  private static double[] gradient(String node, String wrt) {
    return values(node, new double[] {-1, 0, 1}, new double[3], wrt);
  }

  private static double[] values(String node, double[] a, double[] b, String wrt) {
    return values(node, a, b, wrt, "3");
  }

  private static double[] extreme(String fold, double... x) {
    return values("reduce(%0) axes=0 keep=true out=f64 " + fold, x, new double[3], "a", "1");
  }

  /// The gradient of the sum over a node's result of this shape, in a or b.
  private static double[] values(String node, double[] a, double[] b, String wrt, String shape) {
    Graph forward =
        GraphParser.parse(
            """
            graph g {
              feed %%0 a : f64[3]
              feed %%1 b : f64[3]
              %%2 = %s : f64[%s]
              %%3 = reduce(%%2) fold=sum axes=%s keep=false out=f64 : f64[()]
              result loss %%3
            }
            """
                .formatted(node, shape, shape.equals("()") ? "-" : "0"));
    var inputs = new HashMap<String, Tensor>();
    inputs.put("a", tensor(a));
    inputs.put("b", tensor(b));
    Graph step = Autodiff.differentiate(forward, "loss", List.of(wrt));
    return Reference.evaluate(step, inputs).result("d:" + wrt).toDoubles();
  }

  private static Tensor tensor(double[] numbers) {
    Tensor t = Tensor.zeros(DType.F64, numbers.length);
    for (int i = 0; i < numbers.length; i++) {
      t.set(i, numbers[i]);
    }
    return t;
  }
}
