package unfold.cli;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Locale;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import unfold.error.InputException;
import unfold.inspect.Sheet;
import unfold.train.WholeFile;

/// Where a picture or a page of a text goes.
final class TextOut {
  @Option(
      names = "--out",
      paramLabel = "PNG|HTML",
      description = "the file to write: a picture, or a page for a browser")
  @Nullable Path file;

  boolean asked() {
    return file != null;
  }

  /// Writes the form that the file's name asks for; without a file a page beside where one stands.
  ///
  /// @param silent says nothing on standard output
  void write(
      String title, String what, Supplier<Sheet> sheet, Supplier<String> page, boolean silent) {
    Path to = file != null ? file : Path.of(stem(title) + "-" + what + ".html");
    String name = to.getFileName().toString().toLowerCase(Locale.ROOT);
    if (name.endsWith(".png")) {
      WholeFile.write(to, sheet.get().png());
    } else if (name.endsWith(".html") || name.endsWith(".htm")) {
      WholeFile.write(to, page.get().getBytes(StandardCharsets.UTF_8));
    } else {
      throw new InputException(to + ": must end in .png or .html");
    }
    if (!silent) {
      System.out.println(to);
    }
  }

  private static String stem(String title) {
    return title.split(" ", 2)[0].replaceFirst("\\.[a-z]+$", "");
  }
}
