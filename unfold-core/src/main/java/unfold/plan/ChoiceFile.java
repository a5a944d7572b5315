package unfold.plan;

import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// Choices of kernels on disk, one file a machine: a line that names the machine, then a line for
/// each call with the label of the chosen kernel behind a tab.
///
/// It only saves time: a file that cannot be read or written is left aside with one warning.
final class ChoiceFile {
  /// With a number that grows when backends offer new kernels for calls that files may hold.
  private static final String TITLE = "unfold choices 3, ";

  private final Path directory;
  private final Path file;
  private final String title;
  private boolean warned;

  ChoiceFile(Path directory, String machine) {
    this.directory = directory;
    this.title = TITLE + machine.replaceAll("\\s+", " ").strip();
    this.file = directory.resolve("choices-" + TimingChooser.digest(title) + ".txt");
  }

  Path path() {
    return file;
  }

  Map<String, String> read() {
    if (!Files.exists(file)) {
      return Map.of();
    }
    try {
      return parse(Files.readAllLines(file, StandardCharsets.UTF_8));
    } catch (IOException | IllegalArgumentException e) {
      warn("is not used and will be replaced", e);
      return Map.of();
    }
  }

  private Map<String, String> parse(List<String> lines) {
    if (lines.isEmpty() || !lines.getFirst().equals(title)) {
      throw new IllegalArgumentException("it does not begin with '" + title + "'");
    }
    var choices = new LinkedHashMap<String, String>();
    for (int i = 1; i < lines.size(); i++) {
      String[] parts = lines.get(i).split("\t", -1);
      if (parts.length != 2 || parts[0].isEmpty() || parts[1].isEmpty()) {
        throw new IllegalArgumentException("line " + (i + 1) + " is no choice");
      }
      choices.put(parts[0], parts[1]);
    }
    return choices;
  }

  /// Adds choices to those in the file, which another process may have changed meanwhile. Readers
  /// see the old file or the new one, never a part.
  void add(Map<String, String> choices) {
    try {
      Files.createDirectories(directory);
      var all = new TreeMap<>(read());
      all.putAll(choices);
      var text = new StringBuilder(title).append('\n');
      all.forEach((key, label) -> text.append(key).append('\t').append(label).append('\n'));
      Path part = Files.createTempFile(directory, "choices", ".part");
      try {
        Files.writeString(part, text);
        Files.move(part, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
      } finally {
        Files.deleteIfExists(part);
      }
    } catch (IOException e) {
      warn("cannot be written", e);
    }
  }

  private void warn(String problem, Exception e) {
    if (!warned) {
      System.getLogger(ChoiceFile.class.getName())
          .log(Level.WARNING, "{0} {1}: {2}; kernels will be timed again", file, problem, e);
      warned = true;
    }
  }
}
