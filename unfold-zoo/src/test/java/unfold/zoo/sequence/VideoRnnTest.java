package unfold.zoo.sequence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import unfold.error.InputException;
import unfold.layer.Loss;
import unfold.model.FrameLabeller;
import unfold.tensor.Shape;

final class VideoRnnTest {
  private static final Map<String, String> DIGITS =
      Map.of("channels", "1", "side", "32", "classes", "10");

  @Test
  void framesAreFoldedIntoTheBatchAndOneByOneIntoTheMemory() {
    var traced = VideoRnn.model(DIGITS).training(3, 5, new Loss.SoftmaxCrossEntropy());
    assertThat(traced.graph().result("logits").orElseThrow().type().shape())
        .isEqualTo(Shape.of(15, 10));
    assertThat(traced.state("encoder.conv1.weight")).isPresent();
    assertThat(traced.state("lstm.weight_ih_l0").orElseThrow().type().shape())
        .isEqualTo(Shape.of(4 * 128, 128));
    // Convolutions without biases, batch norms, LSTM, last layer.
    assertThat(traced.parameters())
        .isEqualTo(
            25 * 16
                + 9 * 16 * 32
                + 9 * 32 * 128
                + 2 * (16 + 32 + 128)
                + 4 * (2 * 128 * 128 + 2 * 128)
                + 128 * 10
                + 10);
  }

  @Test
  void withoutACellEachFrameIsLabelledByItself() {
    FrameLabeller alone = VideoRnn.model(with("cell", "none"));
    assertThat(alone.rnn()).isEmpty();
    assertThat(alone.answering(2, 3).states()).noneMatch(d -> d.name().contains("weight_ih"));
  }

  @Test
  void bothDirectionsAndOtherFramesFit() {
    var options = new LinkedHashMap<>(with("bidirectional", "true"));
    options.putAll(Map.of("channels", "3", "side", "20", "cell", "gru", "num-layers", "2"));
    var traced = VideoRnn.model(options).answering(1, 2);
    assertThat(traced.state("gru.weight_hh_l1_reverse")).isPresent();
    assertThat(traced.state("fc.weight").orElseThrow().type().shape()).isEqualTo(Shape.of(10, 256));
  }

  @Test
  void optionsOutOfRangeAreNamed() {
    assertThatThrownBy(() -> VideoRnn.model(with("cell", "lstms")))
        .isInstanceOf(InputException.class)
        .hasMessage("video: cell=lstms is none of lstm, gru, rnn");
    assertThatThrownBy(() -> VideoRnn.model(with("bidirectional", "yes")))
        .hasMessage("video: bidirectional=yes is none of true, false");
    assertThatThrownBy(() -> VideoRnn.model(Map.of("channels", "1", "side", "32")))
        .hasMessage("video needs the option 'classes'");
  }

  private static Map<String, String> with(String key, String value) {
    var all = new LinkedHashMap<>(DIGITS);
    all.put(key, value);
    return all;
  }
}
