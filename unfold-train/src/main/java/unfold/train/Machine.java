package unfold.train;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Properties;

/// What computes here, for a run's record.
final class Machine {
  private Machine() {}

  /// The version of the library, or `development` outside of a jar.
  static String unfold() {
    try (var in =
        Machine.class.getResourceAsStream(
            "/META-INF/maven/dev.unfold/unfold-train/pom.properties")) {
      var properties = new Properties();
      if (in != null) {
        properties.load(in);
      }
      return properties.getProperty("version", "development");
    } catch (IOException _) {
      return "development";
    }
  }

  /// The processor's name where the system tells it.
  static String processor() {
    try (var lines = Files.lines(Path.of("/proc/cpuinfo"), StandardCharsets.UTF_8)) {
      return lines
          .filter(line -> line.startsWith("model name"))
          .map(line -> line.substring(line.indexOf(':') + 1).strip())
          .findFirst()
          .orElse("unknown");
    } catch (IOException _) {
      return "unknown";
    }
  }
}
