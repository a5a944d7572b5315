package unfold.train.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import unfold.data.text.Vocabulary;
import unfold.error.InputException;
import unfold.interop.StoredTensor;
import unfold.interop.safetensors.SafetensorsReader;
import unfold.tensor.Tensor;
import unfold.train.RunConfig;
import unfold.train.RunFolder;
import unfold.train.Stop;
import unfold.train.Weights;

/// Weights that go on with a text of other characters.
final class TextWeightsTest {
  private static final int WIDTH = 6;

  @TempDir private Path temp;

  private Weights trained() {
    Path text = TinyText.text(temp, TinyText.TEXT);
    TinyText.start(temp.resolve("run"), TinyText.config(text, 1)).run(new Stop());
    return Weights.read(RunFolder.open(temp.resolve("run")).best());
  }

  @Test
  void whatBelongsToACharacterGoesWithItWhereverItStands() {
    Weights weights = trained();
    Vocabulary theirs = Vocabulary.of(TinyText.TEXT);
    Vocabulary ours = Vocabulary.of("0the fox!");
    var model = TinyText.model(ours.size());
    TextWeights fitted = TextWeights.of(weights, theirs, ours, model, 9);

    assertThat(fitted.fresh()).containsExactly("!", "0");
    for (String name : List.of("embedding.weight", "fc.weight")) {
      for (String character : List.of("t", "x", " ")) {
        int now = ours.number(character.codePointAt(0));
        int before = theirs.number(character.codePointAt(0));
        assertThat(row(fitted.weights(), name, now)).isEqualTo(row(weights, name, before));
      }
      var first =
          model.reading(1, 1).states().stream().filter(d -> d.name().equals(name)).findFirst();
      double[] initial = new double[WIDTH];
      for (int d = 0; d < WIDTH; d++) {
        initial[d] = first.orElseThrow().initial(9).get(ours.number('!') * (long) WIDTH + d);
      }
      assertThat(row(fitted.weights(), name, ours.number('!'))).isEqualTo(initial);
    }
    assertThat(tensor(fitted.weights(), "lstm.weight_hh_l1").bytes())
        .isEqualTo(tensor(weights, "lstm.weight_hh_l1").bytes());
  }

  @Test
  void aRunStartsFromThem() {
    Weights weights = trained();
    Path text = TinyText.text(temp, TinyText.TEXT);
    RunConfig still =
        TinyText.config(text, 1)
            .recipe(new RunConfig.Recipe(1, 4, "sgd(1e-30)", "constant", "f32", 0, 0.5, 0, 8));
    Vocabulary vocabulary = Vocabulary.of(TinyText.TEXT);
    var fitted =
        TextWeights.of(weights, vocabulary, vocabulary, TinyText.model(vocabulary.size()), 8);
    assertThat(fitted.fresh()).isEmpty();
    TinyText.start(temp.resolve("next"), still).from(fitted.weights(), false).run(new Stop());

    var before = SafetensorsReader.read(RunFolder.open(temp.resolve("run")).best()).tensors();
    var after = SafetensorsReader.read(RunFolder.open(temp.resolve("next")).best()).tensors();
    assertThat(after.keySet()).isEqualTo(before.keySet());
    for (String name : List.of("embedding.weight", "lstm.weight_hh_l0", "fc.bias")) {
      Tensor one = Objects.requireNonNull(before.get(name));
      Tensor other = Objects.requireNonNull(after.get(name));
      assertThat(other.get(3)).isEqualTo(one.get(3));
    }
  }

  @Test
  void aVocabularyOfOthersIsRefused() {
    Weights weights = trained();
    Vocabulary wrong = Vocabulary.of("abc");
    var model = TinyText.model(3);
    assertThatThrownBy(() -> TextWeights.of(weights, wrong, wrong, model, 9))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("does not go with a vocabulary of 3 characters: take the vocab.json");
  }

  private static double[] row(Weights weights, String name, int row) {
    var values = tensor(weights, name).tensor();
    double[] numbers = new double[WIDTH];
    for (int d = 0; d < WIDTH; d++) {
      numbers[d] = values.get((long) row * WIDTH + d);
    }
    return numbers;
  }

  private static StoredTensor tensor(Weights weights, String name) {
    return Objects.requireNonNull(weights.contents().tensors().get(name));
  }
}
