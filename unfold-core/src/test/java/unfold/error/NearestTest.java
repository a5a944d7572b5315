package unfold.error;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NearestTest {
  private static final List<String> NAMES =
      List.of("sgd", "adam", "adamw", "rmsprop", "adagrad", "fashion-mnist", "mnist");

  @ParameterizedTest
  @CsvSource({
    "sgdd, sgd",
    "SGD, sgd",
    "rmsporp, rmsprop",
    "rms, rmsprop",
    "fashion, fashion-mnist",
    "minist, mnist",
    "minst, mnist"
  })
  void aSlipIsRecognised(String word, String meant) {
    assertThat(Nearest.meant(word, NAMES)).isEqualTo(" (did you mean " + meant + "?)");
  }

  @ParameterizedTest
  @CsvSource({"lion", "x", "imagenet", "''"})
  void aWordLikeNoneOfThemSuggestsNothing(String word) {
    assertThat(Nearest.meant(word, NAMES)).isEmpty();
  }

  @Test
  void nothingIsSuggestedWhereTwoAreAsNear() {
    assertThat(Nearest.meant("cifar", List.of("cifar10", "cifar12"))).isEmpty();
    assertThat(Nearest.meant("cifar1", List.of("cifar10", "cifar100"))).contains("cifar10?");
  }
}
