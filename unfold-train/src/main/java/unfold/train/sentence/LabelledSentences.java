package unfold.train.sentence;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import unfold.data.text.LineFile;
import unfold.data.text.Tokenizer;
import unfold.error.FormatException;
import unfold.error.InputException;
import unfold.train.text.Texts;

/// Sentences with a class each, from a file of lines `sentence TAB label`; labels are whole numbers
/// from 0; the first line may name the columns, as GLUE's do. Words are in lower case.
///
/// @param name the file
/// @param words of each sentence; none for an empty one
/// @param labels of each
public record LabelledSentences(String name, List<List<String>> words, List<Integer> labels) {
  private static final int COLUMNS = 2;

  /// The first line of GLUE's files, which is no sentence.
  private static final List<String> HEADER = List.of("sentence", "label");

  public LabelledSentences {
    words = List.copyOf(words);
    labels = List.copyOf(labels);
  }

  /// A part of a folder: `train`, `dev` or `test`.
  ///
  /// @throws InputException if there is no such file, or no sentence in it
  /// @throws FormatException if a line is not UTF-8, or has not two columns, or no label
  public static LabelledSentences open(Path folder, String part) {
    return read(folder.resolve(part + ".tsv"));
  }

  /// The same, if the folder has that part.
  public static Optional<LabelledSentences> find(Path folder, String part) {
    Path file = folder.resolve(part + ".tsv");
    return Files.exists(file) ? Optional.of(read(file)) : Optional.empty();
  }

  /// @throws InputException if there is no such file, or no sentence in it
  /// @throws FormatException if a line is not UTF-8, or has not two columns, or no label
  public static LabelledSentences read(Path file) {
    if (!Files.exists(file)) {
      throw new InputException(
          file
              + ": there is no such file; sentences come in train.tsv, dev.tsv and test.tsv, a"
              + " sentence, a tab and its label a line");
    }
    List<List<String>> rows = LineFile.columns(file, COLUMNS);
    if (rows.isEmpty()) {
      throw new InputException(file + ": is empty, so there are no sentences to learn from");
    }
    var words = new ArrayList<List<String>>();
    var labels = new ArrayList<Integer>();
    for (int i = rows.size() > 1 && rows.getFirst().equals(HEADER) ? 1 : 0; i < rows.size(); i++) {
      words.add(Tokenizer.LOWER_CASE.tokens(rows.get(i).getFirst()));
      labels.add(label(rows.get(i).getLast(), file, i + 1));
    }
    return new LabelledSentences(file.toString(), words, labels);
  }

  private static int label(String word, Path file, int line) {
    if (word.matches("[0-9]{1,4}")) {
      return Integer.parseInt(word);
    }
    throw new FormatException(
        file
            + ": line "
            + line
            + ": the label '"
            + word
            + "' must be a whole number from 0 to 9999");
  }

  public int size() {
    return words.size();
  }

  /// How many classes they are of: 0, 1, … each at least once.
  ///
  /// @throws FormatException if a number is left out
  int classes() {
    int classes = 1 + labels.stream().mapToInt(Integer::intValue).max().orElseThrow();
    for (int c = 0; c < classes; c++) {
      if (!labels.contains(c)) {
        throw new FormatException(
            name
                + ": labels go up to "
                + (classes - 1)
                + ", but no sentence has label "
                + c
                + ": number the classes 0, 1, 2, … without a gap");
      }
    }
    return classes;
  }

  /// @throws FormatException naming the first line with a label that a network does not know
  LabelledSentences requireLabels(int classes) {
    for (int i = 0; i < size(); i++) {
      if (labels.get(i) >= classes) {
        throw new FormatException(
            name
                + ": line "
                + (i + 1)
                + " has label "
                + labels.get(i)
                + ", but the network knows the classes 0 … "
                + (classes - 1));
      }
    }
    return this;
  }

  /// The first ones only.
  LabelledSentences first(int count) {
    int n = Math.min(count, size());
    return new LabelledSentences(name, words.subList(0, n), labels.subList(0, n));
  }

  String fingerprint() {
    var text = new StringBuilder();
    for (int i = 0; i < size(); i++) {
      text.append(String.join(" ", words.get(i))).append('\t').append(labels.get(i)).append('\n');
    }
    return Texts.fingerprint(text.toString());
  }
}
