package unfold.zoo.sequence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import unfold.error.InputException;
import unfold.layer.Loss;
import unfold.model.EncoderDecoder;
import unfold.model.EncoderDecoder.Size;
import unfold.tensor.Shape;
import unfold.trace.Mode;
import unfold.trace.Traced;

final class TranslationTest {
  private static final int READ = 50;
  private static final int WRITE = 40;

  @Test
  void withoutAttentionItIsSutskeversEncoderDecoder() {
    EncoderDecoder model = Translation.model(with("attention", "none"));
    assertThat(model.reversed()).isTrue();
    Traced traced = traced(model);
    assertThat(traced.state("encoder.rnn.weight_ih_l0_reverse")).isEmpty();
    int lstm = 4 * (256 * 256 + 256 * 256 + 2 * 256);
    assertThat(traced.parameters())
        .isEqualTo((READ + WRITE) * 256 + 4 * lstm + 256 * WRITE + WRITE);
  }

  @Test
  void withAttentionHalfOfTheUnitsReadEachWay() {
    EncoderDecoder model = Translation.model(with("attention", "dot"));
    assertThat(model.reversed()).isFalse();
    assertThat(traced(model).state("encoder.rnn.weight_hh_l1_reverse").orElseThrow().type().shape())
        .isEqualTo(Shape.of(4 * 128, 128));
    assertThat(traced(model).state("attention.query.weight")).isEmpty();
    Traced additive = traced(Translation.model(with("attention", "additive")));
    assertThat(additive.state("attention.query.weight").orElseThrow().type().shape())
        .isEqualTo(Shape.of(128, 256));
  }

  @Test
  void optionsOutOfRangeAreNamed() {
    assertThatThrownBy(() -> Translation.model(with("attention", "all")))
        .isInstanceOf(InputException.class)
        .hasMessage("translate: attention=all is none of none, dot, additive");
    assertThatThrownBy(() -> Translation.model(with("rnn-size", "7")))
        .hasMessage("translate: rnn-size=7 must be even: with attention half of it reads each way");
    assertThatThrownBy(() -> Translation.model(Map.of("source-vocabulary", "5")))
        .hasMessage("translate needs the option 'target-vocabulary'");
    assertThatThrownBy(() -> Translation.model(with("beam", "7")))
        .hasMessageStartingWith("translate has no option 'beam'; there are source-vocabulary,");
  }

  private static Map<String, String> with(String key, String value) {
    var all = new LinkedHashMap<String, String>();
    all.put("source-vocabulary", Integer.toString(READ));
    all.put("target-vocabulary", Integer.toString(WRITE));
    all.put(key, value);
    return all;
  }

  private static Traced traced(EncoderDecoder model) {
    return model.teaching(new Size(2, 3, 4), new Loss.SoftmaxCrossEntropy(), Mode.TRAIN, false);
  }
}
