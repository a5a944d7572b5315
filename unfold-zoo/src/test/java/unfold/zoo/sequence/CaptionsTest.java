package unfold.zoo.sequence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import unfold.error.InputException;
import unfold.layer.Loss;
import unfold.tensor.Shape;

final class CaptionsTest {
  private static final Map<String, String> DIGITS =
      Map.of("channels", "1", "height", "28", "width", "28", "vocabulary", "28");

  @Test
  void theEncodersFeaturesAreReadBeforeTheWords() {
    var traced = Captions.model(DIGITS).training(3, 10, new Loss.SoftmaxCrossEntropy());
    assertThat(traced.graph().result("logits").orElseThrow().type().shape())
        .isEqualTo(Shape.of(30, 28));
    assertThat(traced.parameters())
        .isEqualTo(
            25 * 16
                + 25 * 16 * 32
                + 32 * 7 * 7 * 128
                + 2 * (16 + 32 + 128)
                + (128 * 64 + 64)
                + 28 * 64
                + 4 * (64 * 128 + 128 * 128 + 2 * 128)
                + (128 * 28 + 28));
  }

  @Test
  void otherPicturesAndCellsFit() {
    var options = new LinkedHashMap<>(DIGITS);
    options.putAll(
        Map.of("channels", "3", "height", "21", "width", "30", "cell", "gru", "num-layers", "2"));
    var traced = Captions.model(options).beginning(2);
    assertThat(traced.state("gru.weight_hh_l1")).isPresent();
    assertThat(traced.state("encoder.fc.weight").orElseThrow().type().shape())
        .isEqualTo(Shape.of(128, 32 * 5 * 7));
  }

  @Test
  void optionsOutOfRangeAreNamed() {
    var small = new LinkedHashMap<>(DIGITS);
    small.put("width", "3");
    assertThatThrownBy(() -> Captions.model(small))
        .isInstanceOf(InputException.class)
        .hasMessage("captions: pictures must be at least 4×4, but are 28×3");
    assertThatThrownBy(() -> Captions.model(Map.of("channels", "1")))
        .isInstanceOf(InputException.class)
        .hasMessageStartingWith("captions needs the option '");
  }
}
