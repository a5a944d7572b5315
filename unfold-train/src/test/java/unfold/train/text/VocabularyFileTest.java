package unfold.train.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import unfold.data.text.WordVocabulary;
import unfold.error.FormatException;

final class VocabularyFileTest {
  @TempDir private Path temp;

  @Test
  void wordsAreReadAsTheyWereWritten() throws IOException {
    var words = WordVocabulary.of(Stream.of(List.of("grün", "\"", "\\", "blau", "\u2028")), 1, 0);
    Path file = temp.resolve("source.json");
    Files.writeString(file, VocabularyFile.text(words.entries()));
    assertThat(VocabularyFile.readWords(file)).isEqualTo(words);
  }

  @Test
  void aVocabularyOfCharactersIsNoneOfWords() throws IOException {
    Path file = temp.resolve("vocab.json");
    Files.writeString(file, "{\"a\": 0, \"b\": 1}");
    assertThatThrownBy(() -> VocabularyFile.readWords(file))
        .isInstanceOf(FormatException.class)
        .hasMessage(
            file
                + ": a vocabulary of words begins with [<pad>, <unk>, <bos>, <eos>], but this one"
                + " with [a, b]");
  }
}
