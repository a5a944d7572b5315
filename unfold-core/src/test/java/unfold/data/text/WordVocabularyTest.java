package unfold.data.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import unfold.error.InputException;

final class WordVocabularyTest {
  private static Stream<List<String>> sentences() {
    return Stream.of("b a c a", "a b d <eos>", "b <eos>").map(s -> List.of(s.split(" ")));
  }

  @Test
  void theMostFrequentComeFirstAndEquallyFrequentOnesInTheOrderOfTheirCodes() {
    var all = WordVocabulary.of(sentences(), 1, 0);
    assertThat(all.entries())
        .containsExactly("<pad>", "<unk>", "<bos>", "<eos>", "a", "b", "c", "d");
    assertThat(WordVocabulary.of(sentences(), 2, 0).entries()).endsWith("<eos>", "a", "b");
    assertThat(WordVocabulary.of(sentences(), 1, 5).entries()).endsWith("<eos>", "a");
    assertThat(all).hasToString("4 words");
  }

  @Test
  void aWordWithoutAnEntryIsUnknownAndNoWordIsSpecial() {
    var all = WordVocabulary.of(sentences(), 2, 0);
    assertThat(all.encode(List.of("a", "zebra", "<eos>", "b"))).containsExactly(4, 1, 1, 5);
    assertThat(all.decode(2, 4, 1, 5, 3, 4, 0)).containsExactly("a", "<unk>", "b");
    assertThat(all.decode(4, 0, 0)).containsExactly("a");
  }

  @Test
  void badSettingsAndFilesAreRefused() {
    assertThatThrownBy(() -> WordVocabulary.of(sentences(), 0, 0))
        .isInstanceOf(InputException.class)
        .hasMessage("a word must occur at least once, not 0 times");
    assertThatThrownBy(() -> WordVocabulary.of(sentences(), 1, 4))
        .isInstanceOf(InputException.class)
        .hasMessage(
            "a vocabulary of at most 4 entries has no room for words: 4 are special; ask for more,"
                + " or 0 for any number");
    assertThatThrownBy(() -> new WordVocabulary(List.of("a", "b")))
        .isInstanceOf(InputException.class)
        .hasMessage(
            "a vocabulary of words begins with [<pad>, <unk>, <bos>, <eos>], but this one with [a,"
                + " b]");
    assertThatThrownBy(
            () -> new WordVocabulary(List.of("<pad>", "<unk>", "<bos>", "<eos>", "a", "a")))
        .isInstanceOf(InputException.class)
        .hasMessage("a vocabulary has the word 'a' twice");
  }
}
