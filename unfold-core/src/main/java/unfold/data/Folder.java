package unfold.data;

import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Stream;
import unfold.error.FormatException;
import unfold.error.InputException;

/// Looking into folders.
final class Folder {
  private Folder() {}

  /// What lies in a folder, sorted by name, without hidden files.
  static List<Path> list(Path folder) {
    try (Stream<Path> entries = Files.list(folder)) {
      return entries.filter(p -> !nameOf(p).startsWith(".")).sorted().toList();
    } catch (IOException e) {
      throw new InputException(folder + ": cannot be listed: " + e.getMessage(), e);
    }
  }

  static List<Path> files(Path folder, Predicate<String> name) {
    return list(folder).stream()
        .filter(p -> name.test(nameOf(p)) && Files.isRegularFile(p))
        .toList();
  }

  static List<Path> folders(Path folder) {
    return list(folder).stream().filter(Files::isDirectory).toList();
  }

  /// The file of this name, plain or else with `.gz` after it.
  static Optional<Path> file(Path folder, String name) {
    return Stream.of(name, name + ".gz")
        .map(folder::resolve)
        .filter(Files::isRegularFile)
        .findFirst();
  }

  /// Class names, one a line, from the first of these files that is there.
  static Optional<List<String>> classNames(Path folder, String... names) {
    for (String name : names) {
      Path file = folder.resolve(name);
      if (!Files.isRegularFile(file)) {
        continue;
      }
      try {
        if (Files.size(file) > 1 << 20) {
          throw FormatException.at(file.toString(), 1 << 20, "too long for a list of class names");
        }
        List<String> lines =
            Files.readAllLines(file).stream().map(String::strip).filter(s -> !s.isEmpty()).toList();
        if (lines.size() < 2) {
          throw FormatException.at(
              file.toString(), 0, lines.size() + " class names: a set needs two or more");
        }
        return Optional.of(lines);
      } catch (CharacterCodingException e) {
        throw new FormatException(file + ": class names must be UTF-8 text", e);
      } catch (IOException e) {
        throw InputException.unreadable(file, e);
      }
    }
    return Optional.empty();
  }

  static String nameOf(Path path) {
    return Optional.ofNullable(path.getFileName()).map(Path::toString).orElse("");
  }
}
