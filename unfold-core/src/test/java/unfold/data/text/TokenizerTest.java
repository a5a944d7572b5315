package unfold.data.text;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

final class TokenizerTest {
  private static final Tokenizer LOWER = Tokenizer.LOWER_CASE;

  @Test
  void wordsAndSignsPart() {
    assertThat(LOWER.tokens("Two young, White males (outside) near many bushes."))
        .containsExactly(
            "two", "young", ",", "white", "males", "(", "outside", ")", "near", "many", "bushes",
            ".");
    assertThat(new Tokenizer(false).tokens("Zwei Männer!!"))
        .containsExactly("Zwei", "Männer", "!", "!");
  }

  @Test
  void hyphensAndPointsWithinAWordBelongToIt() {
    assertThat(LOWER.tokens("a t-shirt - for 1,000.5 -a- 3. x.y"))
        .containsExactly(
            "a", "t-shirt", "-", "for", "1,000.5", "-", "a", "-", "3", ".", "x", ".", "y");
  }

  @Test
  void anApostropheTakesUpToTwoLettersThatEndThere() {
    assertThat(LOWER.tokens("man's they'll don't it 's 'quoted' l’homme '90"))
        .containsExactly(
            "man", "'s", "they", "'ll", "don", "'t", "it", "'s", "'", "quoted", "'", "l", "’",
            "homme", "'", "90");
  }

  @Test
  void accentsStayWithTheirLettersAndBlanksOfAnyKindPart() {
    assertThat(LOWER.tokens("a\u0308b\u00A0c\u200Bd\u0007e\t\uD83D\uDE00\uD83D\uDE00"))
        .containsExactly("a\u0308b", "c", "d", "e", "\uD83D\uDE00", "\uD83D\uDE00");
    assertThat(LOWER.tokens("")).isEmpty();
    assertThat(LOWER.tokens(" \t ")).isEmpty();
    assertThat(LOWER.tokens("<eos>")).containsExactly("<", "eos", ">");
  }

  @Test
  void aLineOfAnyLengthNeedsNoStack() {
    assertThat(LOWER.tokens("a-".repeat(500_000))).hasSize(2);
    assertThat(LOWER.tokens("x".repeat(1_000_000))).hasSize(1);
    assertThat(LOWER.tokens("'".repeat(300_000))).hasSize(300_000);
  }

  @Test
  void joiningUndoesCutting() {
    for (String line :
        List.of(
            "a man's dog, and (perhaps) a t-shirt.",
            "she said: \"they'll come\", but \"no\"!",
            "it costs $1,000.5; or 50%?",
            "")) {
      assertThat(Tokenizer.join(LOWER.tokens(line))).isEqualTo(line);
    }
  }
}
