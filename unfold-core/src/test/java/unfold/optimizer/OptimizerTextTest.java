package unfold.optimizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import unfold.error.InputException;

final class OptimizerTextTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "sgd(0.1)",
        "sgd(0.1,momentum=0.9,nesterov=1,decay=5.0E-4)",
        "sgd(0.1,momentum=0.9,dampening=0.5)",
        "adam(0.001)",
        "adam(3.0E-4,beta1=0.8,beta2=0.99,epsilon=1.0E-6,decay=0.1)",
        "adamw(0.001)",
        "adamw(0.001,decay=0.05)",
        "rmsprop(0.01,alpha=0.9,momentum=0.5)",
        "adagrad(0.01,epsilon=1.0E-8,decay=0.1)"
      })
  void aTextIsReadAndWrittenBack(String text) {
    assertThat(Optimizer.parse(text).text()).isEqualTo(text);
  }

  @Test
  void whatIsLeftOutIsAsUsual() {
    assertThat(Optimizer.parse("sgd")).isEqualTo(new Sgd(0.1));
    assertThat(Optimizer.parse("adamw()")).isEqualTo(new AdamW(1e-3));
    assertThat(Optimizer.parse(" adam( rate=0.002 ) ")).isEqualTo(new Adam(0.002));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "lion(0.1): there is no optimizer 'lion'",
        "sgd(0.1: the closing parenthesis is missing",
        "sgd(fast): 'fast' is no number",
        "sgd(-1): the rate must be more than 0",
        "sgd(0.1,0.9): rate is given twice",
        "adam(0.1,momentum=0.9): adam has no momentum",
        "sgd(0.1,nesterov=1): Nesterov's form needs momentum and no dampening"
      })
  void whatCannotBeReadIsExplained(String textAndProblem) {
    int colon = textAndProblem.indexOf(": ");
    String text = textAndProblem.substring(0, colon);
    assertThatThrownBy(() -> Optimizer.parse(text))
        .isInstanceOf(InputException.class)
        .hasMessageStartingWith(
            "optimizer '" + text + "': " + textAndProblem.substring(colon + 2) + "; forms: sgd(");
  }
}
