package unfold.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import unfold.tensor.DType;

class GradientCheckTest {
  private static final long SEED = 7;

  @TestFactory
  Stream<DynamicTest> gradientsAreTheDerivatives() {
    return Samples.all().stream()
        .filter(GradientCheck::applies)
        .map(s ->
            DynamicTest.dynamicTest(
                s.name(),
                () -> {
                  var check = GradientCheck.of(s, SEED);
                  assertThat(check.passes()).as(check.toString()).isTrue();
                }));
  }

  /// Which ops nobody checks, so that a new one is not forgotten: results that are whole numbers or
  /// constants, updates, what passes put in after differentiation, and gradients that refuse a
  /// second derivative.
  @Test
  void everyOpThatHasAGradientIsChecked() {
    var unchecked = new TreeSet<String>();
    Samples.all().forEach(s -> unchecked.add(op(s)));
    Samples.all().stream().filter(GradientCheck::applies).forEach(s -> unchecked.remove(op(s)));
    assertThat(unchecked)
        .containsExactly(
            "adagrad",
            "adam",
            "adaptive_max_pool2d_grad",
            "argmax",
            "batch_norm_train_grad",
            "compare",
            "constant",
            "fill",
            "gru_mix",
            "gru_mix_grad",
            "gru_reset",
            "gru_reset_grad",
            "gru_sequence_grad",
            "gru_step",
            "gru_step_grad",
            "layer_norm_grad",
            "local_response_norm_grad",
            "lstm_sequence_grad",
            "lstm_step",
            "lstm_step_grad",
            "normalize_picture",
            "rmsprop",
            "rnn_sequence_grad",
            "rnn_step",
            "rnn_step_grad",
            "sequence_product",
            "sequence_product_sum",
            "sgd",
            "softmax_cross_entropy_grad",
            "uniform");
  }

  @Test
  void anErrorOfAFewMillionthsOfTheGradientFails() {
    var wrong = new GradientCheck(Samples.read("matmul 3x4 4x5"), SEED, 1.00001, 1, 5);
    assertThat(wrong.error()).isGreaterThan(GradientCheck.ALLOWED);
    assertThat(wrong.passes()).isFalse();
    assertThat(wrong.toString())
        .isEqualTo(
            "gradient of 'matmul 3x4 4x5', seed 7: by autodiff 1.00001000000, by differences"
                + " 1.00000000000, error 2.0e-06 of |g| = 5.000");
  }

  private static String op(Sample s) {
    return s.op(s.types().contains(DType.F64) ? DType.F64 : DType.F32).name();
  }
}
