package unfold.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.StringWriter;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The README's example compiles as it stands, and its pictures and links are there.
final class ReadmeTest {
  private static final Pattern FENCE = Pattern.compile("```java\n(.*?)```", Pattern.DOTALL);
  private static final Pattern LINK = Pattern.compile("]\\((docs/[^)]+)\\)");

  @Test
  void theExampleCompiles(@TempDir Path out) throws IOException {
    var fence = FENCE.matcher(Files.readString(root().resolve("README.md")));
    assertThat(fence.find()).isTrue();
    String example = fence.group(1);
    var source =
        new SimpleJavaFileObject(
            URI.create("string:///FirstSteps.java"), JavaFileObject.Kind.SOURCE) {
          @Override
          public CharSequence getCharContent(boolean ignoreEncodingErrors) {
            return example;
          }
        };
    var complaints = new StringWriter();
    boolean fine =
        ToolProvider.getSystemJavaCompiler()
            .getTask(
                complaints,
                null,
                null,
                List.of("-d", out.toString(), "-proc:none"),
                null,
                List.of(source))
            .call();
    assertThat(fine).as("%s", complaints).isTrue();
  }

  @Test
  void everythingItPointsToIsThere() throws IOException {
    var link = LINK.matcher(Files.readString(root().resolve("README.md")));
    int found = 0;
    while (link.find()) {
      assertThat(root().resolve(link.group(1))).exists();
      found++;
    }
    assertThat(found).isGreaterThan(5);
  }

  private static Path root() {
    Path here = Path.of("").toAbsolutePath();
    return Files.isDirectory(here.resolve("docs")) ? here : here.resolveSibling(".").normalize();
  }
}
