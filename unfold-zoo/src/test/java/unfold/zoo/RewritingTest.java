package unfold.zoo;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import unfold.autodiff.Autodiff;
import unfold.backend.Backend.Traits;
import unfold.backend.reference.Reference;
import unfold.graph.Graph;
import unfold.layer.Loss.SoftmaxCrossEntropy;
import unfold.pass.Pass;
import unfold.pass.Passes;
import unfold.random.Stream;
import unfold.tensor.DType;
import unfold.tensor.Tensor;
import unfold.trace.Declaration;
import unfold.trace.Traced;

/// Whole networks compute the same through all passes: losses, gradients, running statistics.
final class RewritingTest {
  private static final long SEED = 7;

  @ParameterizedTest
  @CsvSource({"lenet5, 16", "lenet5_relu, 16", "resnet20_cifar, 8"})
  void trainingStaysTheSame(String name, String size) {
    Traced traced = Zoo.find(name, Map.of("size", size)).training(4, new SoftmaxCrossEntropy());
    List<String> parameters = traced.trainable().stream().map(Declaration::name).toList();
    Graph plain = Autodiff.differentiate(traced.graph(), "loss", parameters);
    assertSame(plain, step(traced, parameters, false), 1e-3);
  }

  @ParameterizedTest
  @CsvSource({"lenet5, 16", "resnet20_cifar, 8"})
  void inferenceStaysTheSame(String name, String size) {
    Traced traced = Zoo.find(name, Map.of("size", size)).inference(2);
    Graph rewritten = Pass.applyAll(Passes.inference(new Traits(false)), traced.graph());
    assertSame(traced.graph(), rewritten, 1e-4);
  }

  @Test
  void bf16StaysNear() {
    var model = Zoo.find("lenet5_relu", Map.of("size", "16"));
    Traced traced = model.training(4, new SoftmaxCrossEntropy());
    List<String> parameters = traced.trainable().stream().map(Declaration::name).toList();
    Graph plain = Autodiff.differentiate(traced.graph(), "loss", parameters);
    assertSame(plain, step(traced, parameters, true), 0.1);
  }

  private static Graph step(Traced traced, List<String> parameters, boolean bf16) {
    Graph forward = Pass.applyAll(Passes.beforeGradient(new Traits(bf16)), traced.graph());
    Graph gradient = Autodiff.differentiate(forward, "loss", parameters);
    return Pass.applyAll(Passes.afterGradient(), gradient);
  }

  /// Every result and update, within a share of its length.
  private static void assertSame(Graph before, Graph after, double tolerance) {
    var inputs = inputs(before);
    var wanted = Reference.evaluate(before, inputs);
    var got = Reference.evaluate(after, inputs);
    wanted.results().forEach((name, t) -> assertClose(name, got.result(name), t, tolerance));
    wanted.updates().forEach((name, t) -> assertClose(name, got.update(name), t, tolerance));
  }

  private static void assertClose(String name, Tensor got, Tensor wanted, double tolerance) {
    double length = 0;
    double error = 0;
    for (long i = 0; i < wanted.size(); i++) {
      length += wanted.get(i) * wanted.get(i);
      error += Math.pow(wanted.get(i) - got.get(i), 2);
    }
    assertThat(Math.sqrt(error))
        .as("error of %s, seed %d", name, SEED)
        .isLessThanOrEqualTo(tolerance * Math.sqrt(length) + 1e-7);
  }

  private static Map<String, Tensor> inputs(Graph graph) {
    var inputs = new HashMap<String, Tensor>();
    for (var input : graph.inputs()) {
      var random = Stream.of(SEED, input.name(), 0);
      Tensor t = Tensor.zeros(input.value().type());
      double spread = Math.sqrt(2.0 * t.shape().dim(0) / Math.max(1, t.size()));
      for (long i = 0; i < t.size(); i++) {
        if (t.dtype() == DType.F32) {
          boolean positive = input.name().endsWith("var") || t.shape().rank() == 1;
          t.set(i, positive ? random.uniform(0.5, 1.5) : spread * random.nextGaussian());
        } else {
          t.set(i, random.nextInt(t.dtype() == DType.U8 ? 256 : 10));
        }
      }
      inputs.put(input.name(), t);
    }
    return inputs;
  }
}
