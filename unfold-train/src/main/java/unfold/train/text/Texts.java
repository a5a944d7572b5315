package unfold.train.text;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import unfold.data.text.TextFile;
import unfold.error.InputException;

/// Texts by name.
public final class Texts {
  /// Unfold's own sources, which the build packs into the jar: a text that needs no download.
  public static final String JAVA = "java";

  private Texts() {}

  /// @param source `java` or a file
  /// @throws unfold.error.FormatException at the first byte that is not UTF-8
  /// @throws InputException if there is no such text
  public static String named(String source) {
    return source.equals(JAVA) ? java() : TextFile.read(Path.of(source));
  }

  private static String java() {
    try (InputStream in = Texts.class.getResourceAsStream("java.txt")) {
      if (in == null) {
        throw new InputException(
            "Unfold's own sources are not in this build: run it from the jar that ./mvnw package"
                + " makes, or give a text of your own with --text FILE");
      }
      return TextFile.decode(in.readAllBytes(), JAVA);
    } catch (IOException e) {
      throw new InputException("Unfold's own sources cannot be read: " + e.getMessage(), e);
    }
  }

  /// Of exactly this text.
  public static String fingerprint(String text) {
    try {
      MessageDigest sum = MessageDigest.getInstance("SHA-256");
      return "sha256:"
          + HexFormat.of().formatHex(sum.digest(text.getBytes(StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }
}
