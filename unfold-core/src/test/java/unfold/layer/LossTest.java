package unfold.layer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import unfold.autodiff.Autodiff;
import unfold.backend.reference.Reference;
import unfold.error.ShapeException;
import unfold.layer.Loss.AbsoluteError;
import unfold.layer.Loss.BinaryCrossEntropy;
import unfold.layer.Loss.SmoothL1;
import unfold.layer.Loss.SoftCrossEntropy;
import unfold.layer.Loss.SoftmaxCrossEntropy;
import unfold.layer.Loss.SquaredError;
import unfold.op.Activation;
import unfold.op.Pointwise;
import unfold.op.Softmaxes;
import unfold.tensor.DType;
import unfold.tensor.Shape;
import unfold.tensor.Tensor;
import unfold.tensor.TensorType;
import unfold.trace.Mode;
import unfold.trace.Traced;
import unfold.trace.Tracer;
import unfold.trace.Var;

final class LossTest {
  /// Lines of losses.txt, which losses.py beside it made.
  static List<String> lines() throws IOException {
    return Golden.lines(LossTest.class, "losses.txt");
  }

  @ParameterizedTest
  @MethodSource("lines")
  void valueAndGradientAreTorchs(String line) {
    String[] column = line.split("; ");
    Shape shape = Shape.parse(column[1]);
    Traced traced = trace(loss(column[0]), new TensorType(DType.F32, shape));
    var graph = Autodiff.differentiate(traced.graph(), "loss", List.of("x"));
    var inputs = Map.of("x", Golden.wave(shape, 3, 1), "targets", target(column[0], shape));
    var outcome = Reference.evaluate(graph, inputs);
    assertThat(outcome.result("loss").get(0))
        .isEqualTo(Double.parseDouble(column[2]), within(1e-6));
    assertThat(Golden.checksum(outcome.result("d:x")))
        .isEqualTo(Double.parseDouble(column[3]), within(1e-6));
  }

  private static Traced trace(Loss loss, TensorType prediction) {
    var tracer = new Tracer("loss", Mode.TRAIN);
    Var x = tracer.feed("x", prediction);
    Var targets = tracer.feed("targets", loss.target(prediction));
    tracer.result("loss", loss.apply(tracer.root(), x, targets));
    return tracer.build();
  }

  private static Loss loss(String name) {
    return switch (name) {
      case "softmax_cross_entropy" -> new SoftmaxCrossEntropy();
      case "smoothed" -> new SoftmaxCrossEntropy().smoothing(0.1);
      case "ignore" -> new SoftmaxCrossEntropy().ignore(1);
      case "soft_cross_entropy" -> new SoftCrossEntropy();
      case "squared_error" -> new SquaredError();
      case "absolute_error" -> new AbsoluteError();
      case "smooth_l1" -> new SmoothL1(0.7);
      case "binary_cross_entropy" -> new BinaryCrossEntropy();
      default -> throw new AssertionError(name);
    };
  }

  private static Tensor target(String name, Shape shape) {
    Tensor y = Golden.wave(shape, 1, 2);
    int classes = shape.dim(1);
    return switch (name) {
      case "softmax_cross_entropy", "smoothed", "ignore" -> {
        Tensor labels = Tensor.zeros(DType.I32, shape.dim(0));
        for (int i = 0; i < labels.size(); i++) {
          labels.set(i, name.equals("ignore") && i % 2 == 0 ? 1 : 3 * i % classes);
        }
        yield labels;
      }
      case "soft_cross_entropy" ->
          Reference.evaluate(new Softmaxes.Softmax(1), List.of(y)).getFirst();
      case "binary_cross_entropy" ->
          Reference.evaluate(new Pointwise.Activate(Activation.SIGMOID), List.of(y)).getFirst();
      default -> y;
    };
  }

  @Test
  void binaryCrossEntropyIsStableForLargeLogits() {
    Traced traced = trace(new BinaryCrossEntropy(), TensorType.f32(2));
    var inputs =
        Map.of("x", Tensor.of(Shape.of(2), 500f, -500f), "targets", Tensor.of(Shape.of(2), 1f, 0f));
    assertThat(Reference.evaluate(traced.graph(), inputs).result("loss").get(0)).isZero();
  }

  @Test
  void shapesThatDifferAreRefusedAndNotStretched() {
    var tracer = new Tracer("loss", Mode.TRAIN);
    Var x = tracer.feed("x", TensorType.f32(4, 1));
    Var y = tracer.feed("y", TensorType.f32(4));
    assertThatThrownBy(() -> new SquaredError().apply(tracer.root().child("loss"), x, y))
        .isInstanceOf(ShapeException.class)
        .hasMessage("loss: squared_error: prediction [4x1] and target [4] must have one shape");
    assertThatThrownBy(() -> new SoftmaxCrossEntropy().target(TensorType.f32(4)))
        .hasMessage("softmax_cross_entropy: logits [4] must be N×C");
  }
}
