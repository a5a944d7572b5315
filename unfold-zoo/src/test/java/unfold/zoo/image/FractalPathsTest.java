package unfold.zoo.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import unfold.backend.reference.Reference;
import unfold.error.InputException;
import unfold.tensor.DType;
import unfold.tensor.Tensor;
import unfold.tensor.TensorType;
import unfold.trace.Mode;
import unfold.trace.Traced;
import unfold.trace.Tracer;
import unfold.trace.Var;
import unfold.zoo.Zoo;

/// Joins of three inputs that are 1, 10 and 100 (columns 1, 2, 3), and of the last two of them;
/// means to a half.
final class FractalPathsTest {
  private static final int STEPS = 400;

  @Test
  void globallyOneColumnIsKeptAtEveryJoin() {
    var seen = new HashMap<Double, Integer>();
    for (double[] y : run(0.15, 1)) {
      seen.merge(y[0], 1, Integer::sum);
      // A join without the chosen column averages what it has.
      assertThat(y[1]).isEqualTo(y[0] == 1 ? 55 : y[0]);
    }
    assertThat(seen.keySet()).containsExactlyInAnyOrder(1.0, 10.0, 100.0);
    assertThat(seen.values()).allSatisfy(n -> assertThat(n).isBetween(100, 170));
  }

  @Test
  void locallyEachJoinDropsItsInputsAndKeepsOne() {
    int whole = 0;
    int differ = 0;
    for (double[] y : run(0.15, 0)) {
      assertThat(y[0]).isIn(37.0, 5.5, 50.5, 55.0, 1.0, 10.0, 100.0);
      assertThat(y[1]).isIn(55.0, 10.0, 100.0);
      whole += y[0] == 37 ? 1 : 0;
      differ += (y[0] == 37) != (y[1] == 55) ? 1 : 0;
    }
    // 0.85³ = 0.61 of 400 keep all three; the two joins draw for themselves
    assertThat(whole).isBetween(215, 275);
    assertThat(differ).isPositive();
  }

  @Test
  void halfOfTheStepsAreGlobal() {
    assertThat(run(0, 0.5).stream().filter(y -> y[0] == 37).count()).isBetween(160L, 240L);
  }

  @Test
  void inEvaluationAllAreAveraged() {
    assertThat(once(traced(Mode.EVAL, 0.15, 0.5), 1)).containsExactly(37, 55);
  }

  @Test
  void theSameStepDrawsTheSamePaths() {
    var traced = traced(Mode.TRAIN, 0.5, 0.5);
    for (int step = 0; step < 20; step++) {
      assertThat(once(traced, step)).isEqualTo(once(traced, step));
    }
  }

  @Test
  void refusesShares() {
    assertThatThrownBy(() -> Zoo.find("fractalnet20_cifar", Map.of("global", "2")).inference(1))
        .isInstanceOf(InputException.class)
        .hasMessage("global=2.0 must be from 0 to 1");
  }

  private static List<double[]> run(double rate, double share) {
    var traced = traced(Mode.TRAIN, rate, share);
    var all = new ArrayList<double[]>();
    for (int step = 0; step < STEPS; step++) {
      all.add(once(traced, step));
    }
    return all;
  }

  private static Traced traced(Mode mode, double rate, double share) {
    var tracer = new Tracer("joins", mode);
    var paths = FractalPaths.of(tracer.root(), 3, rate, share);
    var inputs = new ArrayList<Var>();
    for (int i = 0; i < 3; i++) {
      inputs.add(tracer.feed("x" + i, TensorType.f32(1, 1, 1, 1)));
    }
    tracer.result("y0", paths.join(tracer.root().child("a"), inputs));
    tracer.result("y1", paths.join(tracer.root().child("b"), inputs.subList(1, 3)));
    return tracer.build();
  }

  private static double[] once(Traced traced, int step) {
    var feeds = new HashMap<String, Tensor>();
    for (int i = 0; i < 3; i++) {
      Tensor x = Tensor.zeros(TensorType.f32(1, 1, 1, 1));
      x.set(0, Math.pow(10, i));
      feeds.put("x" + i, x);
    }
    Tensor key = Tensor.zeros(DType.I32, 4);
    key.set(2, step);
    feeds.put("key", key);
    feeds
        .keySet()
        .removeIf(f -> traced.graph().feeds().stream().noneMatch(g -> g.name().equals(f)));
    var outcome = Reference.evaluate(traced.graph(), feeds);
    return new double[] {
      Math.rint(outcome.result("y0").get(0) * 2) / 2, Math.rint(outcome.result("y1").get(0) * 2) / 2
    };
  }
}
