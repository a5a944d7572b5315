package unfold.optimizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import unfold.backend.reference.Reference;
import unfold.layer.Golden;
import unfold.layer.Zeros;
import unfold.tensor.DType;
import unfold.tensor.Shape;
import unfold.tensor.Tensor;
import unfold.tensor.TensorType;
import unfold.trace.Mode;
import unfold.trace.Traced;
import unfold.trace.Tracer;

/// Four steps of every rule against torch.optim, from optimizers.txt, which optimizers.py beside it
/// made.
final class OptimizerGoldenTest {
  private static final Shape W = Shape.of(2, 3);
  private static final Shape B = Shape.of(2);

  static List<String> lines() throws IOException {
    return Golden.lines(OptimizerGoldenTest.class, "optimizers.txt");
  }

  @ParameterizedTest
  @MethodSource("lines")
  void fourStepsAreTorchs(String line) {
    String[] column = line.split("; ");
    var settings =
        switch (column[0]) {
          case "clip-norm" -> Updating.PLAIN.clipNorm(1.5);
          case "clip-value" -> Updating.PLAIN.clipValue(0.7);
          default -> Updating.PLAIN;
        };
    var optimizer = optimizer(column[0]);
    Traced step = optimizer.trace(program(), settings);
    var states = start(step);
    for (int t = 1; t <= 4; t++) {
      states.putAll(Reference.evaluate(step.graph(), inputs(step, states, t, 1)).updates());
    }
    assertNumbers(named(states, "weight"), column[1]);
    assertNumbers(named(states, "bias"), column[2]);
  }

  private static Optimizer optimizer(String name) {
    return switch (name) {
      case "sgd", "clip-value" -> new Sgd(0.1);
      case "momentum" -> new Sgd(0.1, 0.9).weightDecay(0.01);
      case "nesterov" -> new Sgd(0.1, 0.9).nesterov(true).weightDecay(0.01);
      case "clip-norm" -> new Sgd(0.1, 0.9);
      case "adam" -> new Adam(0.1).weightDecay(0.01);
      case "adamw" -> new AdamW(0.1).weightDecay(0.05);
      case "rmsprop" -> new RmsProp(0.1).weightDecay(0.01);
      case "rmsprop-momentum" -> new RmsProp(0.1).alpha(0.9).momentum(0.5);
      case "adagrad" -> new Adagrad(0.1).weightDecay(0.01);
      default -> throw new AssertionError(name);
    };
  }

  /// A program whose gradients come from outside.
  private static Traced program() {
    var tracer = new Tracer("update", Mode.TRAIN);
    tracer.root().parameter("weight", W, new Zeros());
    tracer.root().parameter("bias", B, new Zeros());
    tracer.result("loss", tracer.feed("loss", TensorType.f32()));
    tracer.result("d:weight", tracer.feed("dw", new TensorType(DType.F32, W)));
    tracer.result("d:bias", tracer.feed("db", new TensorType(DType.F32, B)));
    return tracer.build();
  }

  private static Map<String, Tensor> start(Traced step) {
    var states = new HashMap<String, Tensor>();
    step.states().forEach(d -> states.put(d.name(), d.initial(1)));
    states.put("weight", Golden.wave(W, 1, 1));
    states.put("bias", Golden.wave(B, 1, 2));
    return states;
  }

  private static Map<String, Tensor> inputs(
      Traced step, Map<String, Tensor> states, int t, float loss) {
    var inputs = new HashMap<>(states);
    inputs.put("loss", Tensor.scalar(loss));
    inputs.put("rate", Tensor.scalar(0.1f));
    inputs.put("dw", Golden.wave(W, 2, 3 * t));
    inputs.put("db", Golden.wave(B, 2, 5 * t));
    step.graph().input("step").ifPresent(_ -> inputs.put("step", Tensor.scalar(t)));
    return inputs;
  }

  private static Tensor named(Map<String, Tensor> states, String name) {
    return Objects.requireNonNull(states.get(name), name);
  }

  private static void assertNumbers(Tensor actual, String expected) {
    double[] numbers =
        Arrays.stream(expected.split(" ")).mapToDouble(Double::parseDouble).toArray();
    assertThat(actual.toDoubles()).containsExactly(numbers, within(2e-6));
  }

  @Test
  void aLossOrNormThatIsNoNumberChangesNothing() {
    Traced step = new Adam(0.1).weightDecay(0.1).trace(program(), Updating.PLAIN.clipNorm(1));
    var states = start(step);
    for (float loss : new float[] {Float.NaN, Float.POSITIVE_INFINITY}) {
      assertUnchanged(states, Reference.evaluate(step.graph(), inputs(step, states, 1, loss)));
    }
    var inputs = inputs(step, states, 1, 1);
    inputs.put("db", Tensor.of(B, Float.POSITIVE_INFINITY, 0f));
    assertUnchanged(states, Reference.evaluate(step.graph(), inputs));
  }

  private static void assertUnchanged(Map<String, Tensor> states, Reference.Outcome outcome) {
    assertThat(outcome.updates()).hasSize(6);
    outcome
        .updates()
        .forEach((name, t) -> assertThat(t.toDoubles()).isEqualTo(named(states, name).toDoubles()));
  }
}
