package unfold.train.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import unfold.error.FormatException;
import unfold.error.InputException;
import unfold.random.Stream;
import unfold.tensor.DType;
import unfold.tensor.Tensor;

final class SamplingTest {
  private static final Offset<Double> EXACT = within(1e-7);
  private static final Tensor LOGITS = logits(Math.log(1), Math.log(4), Math.log(3), Math.log(2));

  @Test
  void probabilitiesFollowTemperatureAndTopK() {
    assertThat(Sampling.PLAIN.probabilities(LOGITS)).containsExactly(at(.1, .4, .3, .2), EXACT);
    // Squares at half the temperature.
    assertThat(new Sampling(0.5, 0).probabilities(LOGITS))
        .containsExactly(at(1 / 30., 16 / 30., 9 / 30., 4 / 30.), EXACT);
    assertThat(new Sampling(1, 2).probabilities(LOGITS))
        .containsExactly(at(0, 4 / 7., 3 / 7., 0), EXACT);
    assertThat(new Sampling(1, 1).probabilities(LOGITS)).containsExactly(at(0, 1, 0, 0), EXACT);
    assertThat(new Sampling(1, 9).probabilities(LOGITS)).containsExactly(at(.1, .4, .3, .2), EXACT);
    assertThat(new Sampling(1, 2).probabilities(logits(5, 5, 5)))
        .containsExactly(at(.5, .5, 0), EXACT);
    assertThat(new Sampling(1e-9, 0).probabilities(LOGITS)).containsExactly(at(0, 1, 0, 0), EXACT);
  }

  @Test
  void choicesComeAsOftenAsTheirProbabilitySays() {
    int[] counts = new int[4];
    Stream random = Stream.of(1, "test", 0);
    int n = 20_000;
    for (int i = 0; i < n; i++) {
      counts[Sampling.PLAIN.choose(LOGITS, random)]++;
    }
    // Four standard deviations of a binomial count at p = 0.4 are 0.014.
    for (int i = 0; i < 4; i++) {
      assertThat((double) counts[i] / n).isCloseTo(at(.1, .4, .3, .2)[i], within(0.014));
    }
  }

  @ParameterizedTest
  @ValueSource(doubles = {0, -1, Double.NaN, Double.POSITIVE_INFINITY})
  void aTemperatureThatIsNotAboveZeroIsRefused(double temperature) {
    assertThatThrownBy(() -> new Sampling(temperature, 0))
        .isInstanceOf(InputException.class)
        .hasMessageStartingWith("the temperature must be above 0, but is " + temperature);
    assertThatThrownBy(() -> new Sampling(1, -1))
        .isInstanceOf(InputException.class)
        .hasMessage("top-k must be at least 1, or 0 for all, but is -1");
  }

  @Test
  void aVocabularyFileIsReadStrictly() {
    assertThat(VocabularyFile.parse("{\"b\": 1, \"a\": 0, \"\": 2}", "v").entries())
        .containsExactly("a", "b", "");
    for (String bad :
        new String[] {
          "",
          "[]",
          "{}",
          "null",
          "{\"a\": 0} x",
          "{\"a\": 0, \"a\": 1}",
          "{\"a\": 1}",
          "{\"a\": -1}",
          "{\"a\": 0, \"b\": 0}",
          "{\"a\": \"0\"}",
          "{\"a\": 0.5}",
          "{\"a\": {}}",
          "{\"a\": 4294967296}",
        }) {
      assertThatThrownBy(() -> VocabularyFile.parse(bad, "v.json"))
          .as(bad)
          .isInstanceOf(FormatException.class)
          .hasMessageStartingWith("v.json: ");
    }
    assertThatThrownBy(() -> VocabularyFile.parse("{\"a\": 0, \"b\": 2}", "v.json"))
        .hasMessage(
            "v.json: 'b' has number 2, but the numbers of 2 characters must be 0 … 1, each once");
  }

  @Test
  void adviceKnowsTheRulesOfThumb() {
    assertThat(TextAdvice.sizes(1_000_000, 100_000))
        .hasValueSatisfying(line ->
            assertThat(line)
                .startsWith(
                    "the network has 1,000,000 parameters for 100,000 characters: it will"));
    assertThat(TextAdvice.sizes(100_000, 1_000_000))
        .hasValueSatisfying(line -> assertThat(line).contains("it has room for more"));
    assertThat(TextAdvice.sizes(100_000, 200_000)).isEmpty();
  }

  private static double[] at(double... p) {
    return p;
  }

  private static Tensor logits(double... values) {
    Tensor t = Tensor.zeros(DType.F32, 1, values.length);
    for (int i = 0; i < values.length; i++) {
      t.set(i, values[i]);
    }
    return t;
  }
}
