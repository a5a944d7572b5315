package unfold.zoo.sequence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import unfold.error.InputException;
import unfold.model.LanguageModel;
import unfold.tensor.Shape;

final class CharRnnTest {
  /// Embedding V·H, per layer gates·(2·H·H + 2·H), last layer V·H + V: what torch.nn counts.
  @ParameterizedTest
  @CsvSource({"lstm, 4", "gru, 3", "rnn, 1"})
  void parametersAreThoseOfTorchInNamesAndNumber(String cell, int gates) {
    LanguageModel model = CharRnn.model(Map.of("cell", cell, "vocabulary", "65"));
    var traced = model.reading(1, 1);
    assertThat(traced.parameters())
        .isEqualTo(65 * 128 + 2 * gates * (2 * 128 * 128 + 2 * 128) + 65 * 128 + 65);
    assertThat(traced.state(cell + ".weight_hh_l1").orElseThrow().type().shape())
        .isEqualTo(Shape.of(gates * 128, 128));
    assertThat(traced.state("fc.weight").orElseThrow().type().shape()).isEqualTo(Shape.of(65, 128));
  }

  @Test
  void weightsTellWhichNetworkTheyAre() {
    LanguageModel model =
        CharRnn.model(
            Map.of("cell", "gru", "rnn-size", "24", "num-layers", "3", "vocabulary", "9"));
    var shapes = new LinkedHashMap<String, Shape>();
    model.reading(1, 1).states().forEach(d -> shapes.put(d.name(), d.type().shape()));
    assertThat(CharRnn.fitting(shapes, "file").options()).isEqualTo(model.options());
    assertThatThrownBy(() -> CharRnn.fitting(Map.of("conv.weight", Shape.of(1)), "file"))
        .isInstanceOf(InputException.class)
        .hasMessageStartingWith("file: is no character model: it needs embedding.weight")
        .hasMessageEndingWith("but has [conv.weight]");
  }

  @Test
  void optionsOutOfRangeAreNamed() {
    assertThatThrownBy(() -> CharRnn.model(Map.of("vocabulary", "9", "cell", "transformer")))
        .isInstanceOf(InputException.class)
        .hasMessage("charlm: cell=transformer is none of lstm, gru, rnn");
    assertThatThrownBy(() -> CharRnn.model(Map.of("vocabulary", "0")))
        .hasMessage("charlm: vocabulary=0 must be a whole number from 1");
    assertThatThrownBy(() -> CharRnn.model(Map.of("vocabulary", "9", "dropout", "1")))
        .hasMessageStartingWith("charlm: dropout=1 must be in 0 … 1");
    assertThatThrownBy(() -> CharRnn.model(Map.of("vocabulary", "9", "hidden", "1")))
        .hasMessageStartingWith("charlm has no option 'hidden'");
    assertThatThrownBy(() -> CharRnn.model(Map.of()))
        .hasMessage("charlm needs the option 'vocabulary'");
  }
}
