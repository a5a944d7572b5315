package unfold.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import unfold.error.InputException;
import unfold.layer.Auxiliary;
import unfold.layer.BatchNorm;
import unfold.layer.Conv2d;
import unfold.layer.Flatten;
import unfold.layer.Linear;
import unfold.layer.Loss.SoftmaxCrossEntropy;
import unfold.layer.Loss.SquaredError;
import unfold.layer.Sequential;
import unfold.trace.Freeze;
import unfold.trace.Traced;

final class ModelTest {
  private static final Variant TINY =
      new Variant(
          "tiny",
          new Options(3, 1, 2, 4, Map.of("bias", "true")),
          Preprocessing.MNIST,
          "nobody (2026)",
          o ->
              new Sequential()
                  .then("flatten", new Flatten())
                  .then(
                      "fc",
                      new Linear(o.height() * o.width() * o.channels(), o.classes())
                          .bias(o.flag("bias"))));

  @Test
  void aTrainingProgramReadsAsText() {
    assertThat(
            TINY.model().training(5, new SoftmaxCrossEntropy().smoothing(0.1)).graph().toString())
        .isEqualTo(
            """
            graph tiny-train {
              feed %0 pictures : u8[5x1x2x4]
              state %3 fc.weight : f32[3x8]
              state %4 fc.bias : f32[3]
              feed %6 labels : i32[5]
              %1 = normalize_picture(%0) mean=0.1307 deviation=0.3081 out=f32 : f32[5x1x2x4] @ normalize
              %2 = reshape(%1) shape=5x8 : f32[5x8] @ flatten
              %5 = matmul(%2, %3, %4) ta=false tb=true out=f32 : f32[5x3] @ fc
              %7 = softmax_cross_entropy(%5, %6) smoothing=0.1 ignore=-100 : f32[()] @ loss
              result logits %5
              result loss %7
            }
            """);
  }

  @Test
  void statesAreListedOfANetworkThatLeavesABatchNormOnePixel() {
    var net =
        new Sequential()
            .then("conv", new Conv2d(1, 3, 2, 4))
            .then("bn", new BatchNorm(3))
            .then("flatten", new Flatten());
    assertThat(Model.of("tight", net, TINY.defaults()).states())
        .extracting("name")
        .contains("conv.weight", "bn.running_var");
  }

  @Test
  void anAuxiliaryHeadAnswersOnlyWhileTraining() {
    var net =
        new Sequential()
            .then("flatten", new Flatten())
            .then("aux", new Auxiliary(0.3, new Linear(8, 3)))
            .then("fc", new Linear(8, 3));
    Model model = Model.of("two", net, TINY.defaults());
    var loss = new SoftmaxCrossEntropy();
    assertThat(model.training(2, loss).graph().toString())
        .contains("= softmax_cross_entropy(%8, %9) smoothing=0.0 ignore=-100 : f32[()] @ loss")
        .contains("= softmax_cross_entropy(%5, %9) smoothing=0.0 ignore=-100 : f32[()] @ loss")
        .contains("= affine(%11) scale=0.3 shift=0.0 : f32[()] @ loss")
        .contains("= binary(%10, %12) f=add : f32[()] @ loss");
    assertThat(model.evaluation(2, loss).graph().toString()).doesNotContain("aux");
    assertThat(model.inference(2).states())
        .extracting(d -> d.name())
        .containsExactly("fc.weight", "fc.bias");
    assertThat(model.states())
        .extracting(d -> d.name())
        .containsExactly("aux.weight", "aux.bias", "fc.weight", "fc.bias");
    // A frozen head is passed through, and does not learn.
    assertThat(model.training(2, loss, Freeze.of("aux")).trainable())
        .extracting(d -> d.name())
        .containsExactly("fc.weight", "fc.bias");
  }

  @Test
  void regressionHasTargetsInsteadOfLabels() {
    Traced traced = TINY.model().evaluation(5, new SquaredError());
    assertThat(traced.graph().input("targets").orElseThrow().value().type().toString())
        .isEqualTo("f32[5x3]");
    assertThat(TINY.model().inference(1).graph().feeds()).hasSize(1);
  }

  @Test
  void freezingReachesTheProgram() {
    var loss = new SoftmaxCrossEntropy();
    assertThat(TINY.model().training(5, loss, Freeze.of("fc.weight")).trainable())
        .extracting(d -> d.name())
        .containsExactly("fc.bias");
  }

  @Test
  void optionsAreAFlatMapThatBuildsTheModelAgain() {
    Model model = TINY.model(Map.of("classes", "7", "size", "3", "channels", "3", "bias", "false"));
    Map<String, String> words = model.options().toMap();
    assertThat(words)
        .containsExactly(
            Map.entry("classes", "7"),
            Map.entry("channels", "3"),
            Map.entry("height", "3"),
            Map.entry("width", "3"),
            Map.entry("bias", "false"));
    assertThat(TINY.model(words).options()).isEqualTo(model.options());
    assertThat(TINY.model(words).layer()).isEqualTo(model.layer());
    assertThat(model.inference(1).parameters()).isEqualTo(27 * 7);
    // MNIST's mean says nothing about three channels.
    assertThat(model.preprocessing().mean()).isEqualTo(List.of(0.5, 0.5, 0.5));
  }

  @Test
  void wordsThatMakeNoSenseAreRefused() {
    assertFails(
        Map.of("clases", "7"),
        "this model has no option 'clases'; there are [classes, channels, height, width, bias]");
    assertFails(Map.of("classes", "many"), "classes=many must be a whole number");
    assertFails(Map.of("bias", "yes"), "bias=yes must be true or false");
    assertFails(
        Map.of("classes", "0"),
        "a model needs at least one class, channel, row and column, not classes=0 channels=1"
            + " height=2 width=4");
  }

  private static void assertFails(Map<String, String> options, String message) {
    assertThatThrownBy(() -> TINY.model(options))
        .isInstanceOf(InputException.class)
        .hasMessage(message);
  }
}
