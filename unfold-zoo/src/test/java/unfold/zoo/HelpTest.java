package unfold.zoo;

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
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The examples of the help pages compile as they stand.
final class HelpTest {
  private static final String IMPORTS =
      """
      import java.util.List;
      import unfold.layer.*;
      import unfold.model.*;
      import unfold.trace.*;
      import unfold.zoo.*;
      """;

  private static final Pattern FENCE = Pattern.compile("```java\n(.*?)```", Pattern.DOTALL);
  private static final Pattern TYPE = Pattern.compile("public (?:final )?(?:class|record) (\\w+)");

  @ParameterizedTest
  @ValueSource(strings = {"add-a-layer.md", "add-a-model.md"})
  void examplesCompile(String page, @TempDir Path out) throws IOException {
    var fence = FENCE.matcher(Files.readString(root().resolve("docs/help").resolve(page)));
    assertThat(fence.find()).as("the page has an example").isTrue();
    var type = TYPE.matcher(fence.group(1));
    assertThat(type.find()).as("the example is a public type").isTrue();
    var complaints = new StringWriter();
    boolean fine =
        ToolProvider.getSystemJavaCompiler()
            .getTask(
                complaints,
                null,
                null,
                List.of("-d", out.toString(), "-proc:none", "-Xlint:all"),
                null,
                List.of(file(type.group(1), IMPORTS + fence.group(1))))
            .call();
    assertThat(fine).as("%s", complaints).isTrue();
    assertThat(complaints.toString()).isEmpty();
  }

  private static JavaFileObject file(String name, String text) {
    return new SimpleJavaFileObject(
        URI.create("string:///" + name + ".java"), JavaFileObject.Kind.SOURCE) {
      @Override
      public CharSequence getCharContent(boolean ignoreEncodingErrors) {
        return text;
      }
    };
  }

  private static Path root() {
    // Surefire runs in the module's folder, an IDE perhaps in the root.
    Path here = Path.of("").toAbsolutePath();
    return Files.isDirectory(here.resolve("docs")) ? here : here.resolveSibling(".").normalize();
  }
}
