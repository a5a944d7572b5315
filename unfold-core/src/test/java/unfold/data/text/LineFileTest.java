package unfold.data.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import unfold.error.FormatException;
import unfold.error.InputException;

final class LineFileTest {
  @TempDir private Path temp;

  @Test
  void onlyLineFeedsEndLinesAndEmptyOnesCount() throws IOException {
    Path file = temp.resolve("text");
    Files.writeString(file, "\uFEFFeins\r\n\nzwei\u2028drei\r vier\n");
    assertThat(LineFile.read(file)).containsExactly("eins", "", "zwei\u2028drei\r vier");
    Files.writeString(file, "a\nb");
    assertThat(LineFile.read(file)).containsExactly("a", "b");
    Files.writeString(file, "");
    assertThat(LineFile.read(file)).isEmpty();
  }

  @Test
  void aPackedFileIsFoundBesideAndReadLikeAPlainOne() throws IOException {
    Path packed = temp.resolve("train.de.gz");
    Files.write(packed, gzip("grün\nblau\n"));
    Path found = LineFile.plainOrPacked(temp.resolve("train.de"));
    assertThat(found).isEqualTo(packed);
    assertThat(LineFile.read(found)).containsExactly("grün", "blau");
    Files.writeString(temp.resolve("train.de"), "rot\n");
    assertThat(LineFile.plainOrPacked(temp.resolve("train.de")))
        .isEqualTo(temp.resolve("train.de"));
    assertThatThrownBy(() -> LineFile.plainOrPacked(temp.resolve("train.fr")))
        .isInstanceOf(InputException.class)
        .hasMessage(temp.resolve("train.fr") + ": there is no such file, nor train.fr.gz");
  }

  @Test
  void theLineThatIsNotUtf8IsNamed() {
    byte[] bytes = "one\ntwo\ngr\u00FCn\n".getBytes(StandardCharsets.ISO_8859_1);
    assertThatThrownBy(() -> LineFile.lines(bytes, "train.de"))
        .isInstanceOf(FormatException.class)
        .hasMessage("train.de: line 3, byte 3: 0xFC is not UTF-8: save the text as UTF-8");
  }

  @Test
  void columnsArePartedByTabsAndCounted() throws IOException {
    Path file = temp.resolve("train.tsv");
    Files.writeString(file, "a good film\t1\n\t0\n");
    assertThat(LineFile.columns(file, 2))
        .containsExactly(List.of("a good film", "1"), List.of("", "0"));
    Files.writeString(file, "a good film\t1\nno label\n");
    assertThatThrownBy(() -> LineFile.columns(file, 2))
        .isInstanceOf(FormatException.class)
        .hasMessage(file + ": line 2 has 1 columns, but needs 2 with a tab between two");
  }

  @Test
  void gzipDataCutOrChangedAnywhereGivesItsLinesOrAFormatException() throws IOException {
    byte[] good = gzip("grün\nblau\n");
    Path file = temp.resolve("x.gz");
    int refused = 0;
    for (int i = 0; i < good.length; i++) {
      byte[] changed = good.clone();
      changed[i] ^= 0x55;
      for (byte[] bytes : List.of(Arrays.copyOf(good, i), changed)) {
        Files.write(file, bytes);
        try {
          assertThat(LineFile.read(file)).containsExactly("grün", "blau");
        } catch (FormatException _) {
          refused++;
        }
      }
    }
    // Every cut; every change but those of time, flags and system in the header.
    assertThat(refused).isGreaterThan(2 * good.length - 10);
  }

  private static byte[] gzip(String text) throws IOException {
    var bytes = new ByteArrayOutputStream();
    try (var out = new GZIPOutputStream(bytes)) {
      out.write(text.getBytes(StandardCharsets.UTF_8));
    }
    return bytes.toByteArray();
  }
}
