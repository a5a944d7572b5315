package unfold.data.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import unfold.error.FormatException;
import unfold.error.InputException;

final class TextFileTest {
  @TempDir private Path temp;

  @Test
  void aTextComesAsItIsButForAByteOrderMark() throws IOException {
    Path file = temp.resolve("text");
    Files.writeString(file, "\uFEFFgrün\r\n\t\uD83D\uDE00");
    assertThat(TextFile.read(file)).isEqualTo("grün\r\n\t\uD83D\uDE00");
  }

  @Test
  void theFirstByteThatIsNotUtf8IsNamed() {
    byte[] latin = "gr\u00FCn".getBytes(StandardCharsets.ISO_8859_1);
    assertThatThrownBy(() -> TextFile.decode(latin, "text"))
        .isInstanceOf(FormatException.class)
        .hasMessage("text: at byte 2: 0xFC is not UTF-8 here: save the text as UTF-8");
  }

  @Test
  void onlyFormatExceptionsComeOutOfATextCutOrChangedAnywhere() {
    byte[] good = "a\u00FC\u20AC\uD83D\uDE00z".getBytes(StandardCharsets.UTF_8);
    int refused = 0;
    for (int i = 0; i < good.length; i++) {
      byte[] cut = java.util.Arrays.copyOf(good, i + 1);
      byte[] changed = good.clone();
      changed[i] ^= (byte) 0x80;
      for (byte[] bytes : new byte[][] {cut, changed}) {
        try {
          assertThat(TextFile.decode(bytes, "text")).isNotEmpty();
        } catch (FormatException e) {
          refused++;
        }
      }
    }
    // Cut within one of the three long characters, or any one byte changed but the plain ones
    // into something that begins nothing.
    assertThat(refused).isEqualTo(6 + good.length);
  }

  @Test
  void anEmptyFileAndAFolderAndNothingAreRefused() throws IOException {
    Path file = Files.createFile(temp.resolve("empty"));
    assertThatThrownBy(() -> TextFile.read(file))
        .isInstanceOf(InputException.class)
        .hasMessage(file + ": is empty, so there is nothing to read");
    assertThatThrownBy(() -> TextFile.read(temp))
        .isInstanceOf(InputException.class)
        .hasMessage(temp + ": is a folder, not a text");
    assertThatThrownBy(() -> TextFile.read(temp.resolve("none")))
        .isInstanceOf(InputException.class)
        .hasMessage(temp.resolve("none") + ": there is no such file");
  }
}
