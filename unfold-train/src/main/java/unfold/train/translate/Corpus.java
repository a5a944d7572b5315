package unfold.train.translate;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import unfold.data.text.LineFile;
import unfold.error.InputException;

/// Sentences in two languages, line by line the same.
///
/// @param name for messages
/// @param source lines to read
/// @param target lines to write
public record Corpus(String name, List<String> source, List<String> target) {
  /// @throws InputException if there are not as many lines of one as of the other
  public Corpus {
    source = List.copyOf(source);
    target = List.copyOf(target);
    if (source.size() != target.size()) {
      throw new InputException(
          name
              + ": has "
              + source.size()
              + " lines to read, but "
              + target.size()
              + " to write: line by line they must be translations of each other");
    }
    if (source.isEmpty()) {
      throw new InputException(name + ": has no lines");
    }
  }

  /// A part of a folder: `train.de` and `train.en`, or the same with `.gz` behind. Where there is
  /// no such file, the only one that begins with the part's name is taken:
  /// `test_2016_flickr.de.gz`.
  ///
  /// @param part such as `train`
  /// @param from ending of the file to read
  /// @param to ending of the file to write
  /// @throws InputException if a file is missing, or several could be meant
  /// @throws unfold.error.FormatException naming the line that is not UTF-8
  public static Corpus open(Path folder, String part, String from, String to) {
    Path source = file(folder, part, from);
    Path target = file(folder, part, to);
    return new Corpus(
        source + " and " + target.getFileName(), LineFile.read(source), LineFile.read(target));
  }

  private static Path file(Path folder, String part, String language) {
    if (!Files.isDirectory(folder)) {
      throw new InputException(folder + ": is no folder of sentence files");
    }
    for (String ending : List.of("", ".gz")) {
      Path exact = folder.resolve(part + "." + language + ending);
      if (Files.isRegularFile(exact)) {
        return exact;
      }
    }
    List<Path> near = near(folder, part, language);
    if (near.size() == 1) {
      return near.getFirst();
    }
    throw new InputException(
        folder
            + ": has no "
            + part
            + "."
            + language
            + " or "
            + part
            + "."
            + language
            + ".gz"
            + (near.isEmpty()
                ? ""
                : ", and which one is meant of "
                    + String.join(", ", near.stream().map(p -> p.getFileName().toString()).toList())
                    + "? Name it with --split"));
  }

  private static List<Path> near(Path folder, String part, String language) {
    try (Stream<Path> all = Files.list(folder)) {
      return all.filter(Files::isRegularFile)
          .filter(p -> {
            String name = p.getFileName().toString();
            return name.startsWith(part)
                && (name.endsWith("." + language) || name.endsWith("." + language + ".gz"));
          })
          .sorted()
          .toList();
    } catch (IOException e) {
      throw InputException.unreadable(folder, e);
    }
  }

  /// The first lines only.
  Corpus first(int lines) {
    int most = Math.min(lines, source.size());
    return new Corpus(name, source.subList(0, most), target.subList(0, most));
  }

  int size() {
    return source.size();
  }

  /// Both sides as one text, for a fingerprint.
  String text() {
    return String.join("\n", source) + "\n\n" + String.join("\n", target);
  }
}
