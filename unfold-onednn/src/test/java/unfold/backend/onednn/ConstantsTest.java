package unfold.backend.onednn;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.Modifier;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/// Our numbers are those of the headers that ship beside the library.
final class ConstantsTest {
  private static final Pattern ENUM = Pattern.compile("typedef enum \\{(.*?)\\}", Pattern.DOTALL);
  private static final Pattern ARG = Pattern.compile("#define (DNNL_ARG_\\w+) (\\w+)");

  @Test
  void agreeWithTheHeaders() throws IllegalAccessException {
    Map<String, Integer> header = new HashMap<>();
    read("dnnl_common_types.h", header);
    read("dnnl_types.h", header);
    int compared = 0;
    for (var field : Constants.class.getDeclaredFields()) {
      if (Modifier.isStatic(field.getModifiers()) && field.getType() == int.class) {
        String name =
            field.getName().startsWith("ARG_")
                ? "DNNL_" + field.getName()
                : "dnnl_" + field.getName().toLowerCase(Locale.ROOT);
        assertThat(header).as(name).containsEntry(name, field.getInt(null));
        compared++;
      }
    }
    assertThat(compared).isGreaterThan(80);
  }

  private static void read(String file, Map<String, Integer> into) {
    String text = header(file).replaceAll("/\\*.*?\\*/|//[^\n]*", "");
    var enums = ENUM.matcher(text);
    while (enums.find()) {
      int next = 0;
      for (String line : enums.group(1).split(",")) {
        String[] pair = line.strip().replaceAll("#\\w+[^\n]*\n", "").strip().split("\\s*=\\s*");
        if (pair[0].isEmpty()) {
          continue;
        }
        int value = pair.length == 1 ? next : number(pair[1], into);
        into.put(pair[0], value);
        next = value + 1;
      }
    }
    var roles = ARG.matcher(text);
    while (roles.find()) {
      into.put(roles.group(1), number(roles.group(2), into));
    }
  }

  /// A literal or a name that came before; names we do not know count as 0.
  private static int number(String text, Map<String, Integer> known) {
    String digits = text.strip().replaceAll("[uUlL]+$", "");
    return Character.isDigit(digits.charAt(0))
        ? Integer.decode(digits)
        : known.getOrDefault(digits, 0);
  }

  private static String header(String file) {
    var platform =
        Platform.of(System.getProperty("os.name"), System.getProperty("os.arch")).orElseThrow();
    String path = platform.resource("include/oneapi/dnnl/" + file);
    try (var in = ConstantsTest.class.getClassLoader().getResourceAsStream(path)) {
      assertThat(in).as(path).isNotNull();
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
