package unfold.train.text;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;
import unfold.data.text.Vocabulary;
import unfold.data.text.WordVocabulary;
import unfold.error.FormatException;
import unfold.error.InputException;
import unfold.train.RunFolder;

/// A vocabulary as JSON: an object of characters or words and their numbers, `{"a": 0, "b": 1}`,
/// which is what char-rnn and its heirs write.
public final class VocabularyFile {
  private static final String NAME = "vocab.json";
  private static final long MAX_BYTES = 16 << 20;
  private static final JsonMapper JSON =
      JsonMapper.builder()
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .enable(SerializationFeature.INDENT_OUTPUT)
          .build();

  private VocabularyFile() {}

  /// Where a run keeps its vocabulary.
  public static Path in(RunFolder run) {
    return run.path().resolve(NAME);
  }

  static Map<String, String> file(Vocabulary vocabulary) {
    return Map.of(NAME, text(vocabulary.entries()));
  }

  /// The text of a file with these entries.
  public static String text(List<String> entries) {
    var numbers = new LinkedHashMap<String, Integer>();
    for (String entry : entries) {
      numbers.put(entry, numbers.size());
    }
    return JSON.writeValueAsString(numbers) + "\n";
  }

  /// Characters.
  ///
  /// @throws FormatException if it is not an object whose values are 0, 1, 2, … in any order
  public static Vocabulary read(Path file) {
    return new Vocabulary(entries(content(file), file.toString()));
  }

  /// Words.
  ///
  /// @throws FormatException if it is not an object whose values are 0, 1, 2, … in any order, or
  ///   does not begin with the entries that stand for no word
  public static WordVocabulary readWords(Path file) {
    List<String> entries = entries(content(file), file.toString());
    try {
      return new WordVocabulary(entries);
    } catch (InputException e) {
      throw new FormatException(file + ": " + e.getMessage(), e);
    }
  }

  private static String content(Path file) {
    try {
      if (Files.size(file) > MAX_BYTES) {
        throw new FormatException(file + ": is larger than a vocabulary may be, 16 MiB");
      }
      return Files.readString(file);
    } catch (IOException e) {
      throw InputException.unreadable(file, e);
    }
  }

  static Vocabulary parse(String text, String name) {
    return new Vocabulary(entries(text, name));
  }

  private static List<String> entries(String text, String name) {
    JsonNode tree;
    try {
      tree = JSON.readTree(text);
    } catch (JacksonException e) {
      throw new FormatException(
          name + ": is no vocabulary: " + e.getOriginalMessage().lines().findFirst().orElse(""), e);
    }
    if (!tree.isObject() || tree.isEmpty()) {
      throw new FormatException(
          name + ": is no vocabulary: it must be an object of characters and their numbers");
    }
    List<String> entries = new ArrayList<>(Collections.nCopies(tree.size(), ""));
    boolean[] given = new boolean[tree.size()];
    for (Map.Entry<String, JsonNode> property : tree.properties()) {
      JsonNode value = property.getValue();
      boolean fits = value.isIntegralNumber() && value.canConvertToInt();
      int number = fits ? value.intValue() : -1;
      if (number < 0 || number >= given.length || given[number]) {
        throw new FormatException(
            name
                + ": "
                + Vocabulary.shown(property.getKey())
                + " has number "
                + value
                + ", but the numbers of "
                + given.length
                + " characters must be 0 … "
                + (given.length - 1)
                + ", each once");
      }
      given[number] = true;
      entries.set(number, property.getKey());
    }
    return List.copyOf(entries);
  }
}
