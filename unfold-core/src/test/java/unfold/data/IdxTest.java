package unfold.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import unfold.error.FormatException;
import unfold.error.InputException;

class IdxTest {
  private static final List<String> DIGITS =
      List.of("0", "1", "2", "3", "4", "5", "6", "7", "8", "9");

  @TempDir Path folder;

  @Test
  void readsPicturesAndLabelsPlainAndGzipped() {
    Splits splits = Datasets.open(SampleFiles.mnist(folder, 12, 4));
    Dataset train = splits.train();
    assertThat(train.size()).isEqualTo(12);
    assertThat(train.classes()).isEqualTo(DIGITS);
    assertThat(train.label(11)).isEqualTo(1);
    assertThat(train.picture(11).get(2, 3, 0)).isEqualTo((7 * 11 + 13) % 256);
    assertThat(train.shape().orElseThrow()).hasToString("5x5x1");
    assertThat(splits.test().orElseThrow().size()).isEqualTo(4);
    assertThat(splits.notes()).isEmpty();
  }

  @Test
  void saysWhenOnlyTheTrainingFilesAreThereAndHoldsOutAPart() {
    Splits splits = Datasets.open(SampleFiles.mnist(folder, 20, 0));
    assertThat(splits.test()).isEmpty();
    assertThat(splits.notes())
        .containsExactly(
            folder + ": only the training files are here; hold a part out to measure on");
    Splits held = splits.holdOut(0.25, 3);
    assertThat(held.train().size()).isEqualTo(15);
    assertThat(held.heldOut().orElseThrow().size()).isEqualTo(5);
    assertThat(held.notes())
        .contains(
            splits.train().name() + ": 5 of 20 training pictures held out for validation (seed 3)");
  }

  @Test
  void takesFashionNamesFromTheFolderAndAnyNamesFromClassesTxt() {
    Path fashion = SampleFiles.mnist(folder.resolve("fashion-mnist"), 3, 0);
    assertThat(Datasets.open(fashion).train().classes()).contains("Ankle boot").hasSize(10);
    SampleFiles.write(fashion.resolve("classes.txt"), "a\nb\nc\n".getBytes());
    assertThat(Datasets.open(fashion).train().classes()).containsExactly("a", "b", "c");
  }

  @Test
  void fingerprintIsThatOfTheContentsAndTheirNames() {
    Path one = SampleFiles.mnist(folder.resolve("one"), 3, 0);
    Path same = SampleFiles.mnist(folder.resolve("same"), 3, 0);
    Path other = SampleFiles.mnist(folder.resolve("other"), 4, 0);
    String print = Datasets.open(one).train().fingerprint();
    assertThat(print).matches("sha256:[0-9a-f]{64}");
    assertThat(Datasets.open(same).train().fingerprint()).isEqualTo(print);
    assertThat(Datasets.open(other).train().fingerprint()).isNotEqualTo(print);
  }

  @Test
  void namesFileOffsetAndNumbersOfWhatIsWrong() {
    byte[] pictures = SampleFiles.idxPictures(3);
    byte[] labels = SampleFiles.idxLabels(3);
    assertFault(
        pictures,
        SampleFiles.idxLabels(4),
        "at byte 16: there are 3 pictures, but 4 labels in labels");
    assertFault(
        Arrays.copyOf(pictures, 50),
        labels,
        "at byte 16: 3 pictures of 5x5 need 75 bytes, but the file has 34 more: it is truncated or"
            + " its header is wrong");
    assertFault(
        Arrays.copyOf(pictures, 92),
        labels,
        "at byte 91: the file goes on after the last record that its header declares");
    assertFault(
        Arrays.copyOf(pictures, 7),
        labels,
        "at byte 7: the file ends here, 1 bytes or more too early");
    assertFault(
        labels,
        labels,
        "at byte 4: not an idx file of pictures (type u8, rank 3): it begins with 0x00000801 instead"
            + " of 0x00000803");
    byte[] tooMany = pictures.clone();
    ByteBuffer.wrap(tooMany).putInt(4, -1);
    assertFault(
        tooMany, labels, "at byte 8: the header declares 4294967295 items: 1 to 2147483647 can be");
    byte[] tooHigh = pictures.clone();
    ByteBuffer.wrap(tooHigh).putInt(8, 1 << 20);
    assertFault(
        tooHigh,
        labels,
        "at byte 12: the header declares 1048576 rows a picture: 1 to 16384 can be");
    byte[] wrongLabel = labels.clone();
    wrongLabel[9] = 10;
    assertFault(
        pictures, wrongLabel, "at byte 9: label 10 is out of range: there are 10 classes (0 to 9)");
  }

  private void assertFault(byte[] pictures, byte[] labels, String message) {
    Path p = SampleFiles.write(folder.resolve("pictures"), pictures);
    Path l = SampleFiles.write(folder.resolve("labels"), labels);
    assertThatThrownBy(() -> Idx.read("x", p, l, DIGITS))
        .isInstanceOf(FormatException.class)
        .hasMessageStartingWith(folder.toString())
        .hasMessageEndingWith(message);
  }

  @Test
  void refusesAGzipThatDeclaresMoreThanItCouldEverHoldBeforeAllocating() {
    byte[] pictures = SampleFiles.idxPictures(3);
    ByteBuffer.wrap(pictures).putInt(4, 2_000_000_000).putInt(8, 1000).putInt(12, 1000);
    Path p = SampleFiles.write(folder.resolve("pictures.gz"), SampleFiles.gzip(pictures));
    Path l = SampleFiles.write(folder.resolve("labels"), SampleFiles.idxLabels(3));
    ByteBuffer labels = ByteBuffer.wrap(SampleFiles.idxLabels(3)).putInt(4, 2_000_000_000);
    Path many = SampleFiles.write(folder.resolve("many.gz"), SampleFiles.gzip(labels.array()));
    assertThatThrownBy(() -> Idx.read("x", p, many, DIGITS))
        .hasMessageContaining(
            "2000000000 labels need 2000000000 bytes, but the file can hold at most");
    ByteBuffer.wrap(pictures).putInt(4, 3);
    SampleFiles.write(p, SampleFiles.gzip(pictures));
    assertThatThrownBy(() -> Idx.read("x", p, l, DIGITS))
        .hasMessageContaining(
            "3 pictures of 1000x1000 need 3000000 bytes, but the file can hold at most");
  }

  @Test
  void everyTruncationIsRefused() {
    for (boolean gz : new boolean[] {false, true}) {
      byte[] pictures = packed(SampleFiles.idxPictures(2), gz);
      byte[] labels = packed(SampleFiles.idxLabels(2), gz);
      for (int n = 0; n < pictures.length; n++) {
        assertRefused(Arrays.copyOf(pictures, n), labels, gz);
      }
      for (int n = 0; n < labels.length; n++) {
        assertRefused(pictures, Arrays.copyOf(labels, n), gz);
      }
    }
  }

  @Test
  void aFlippedBitIsRefusedOrHarmless() {
    for (boolean gz : new boolean[] {false, true}) {
      byte[] pictures = packed(SampleFiles.idxPictures(2), gz);
      byte[] labels = packed(SampleFiles.idxLabels(2), gz);
      for (int at = 0; at < pictures.length; at++) {
        assertOnlyFormatException(flipped(pictures, at), labels, gz);
      }
      for (int at = 0; at < labels.length; at++) {
        assertOnlyFormatException(pictures, flipped(labels, at), gz);
      }
    }
  }

  private void assertRefused(byte[] pictures, byte[] labels, boolean gz) {
    assertThatThrownBy(() -> read(pictures, labels, gz)).isInstanceOf(FormatException.class);
  }

  private void assertOnlyFormatException(byte[] pictures, byte[] labels, boolean gz) {
    try {
      MemoryDataset data = read(pictures, labels, gz);
      assertThat(data.size()).isEqualTo(2);
    } catch (FormatException e) {
      assertThat(e).hasMessageContaining("at byte");
    }
  }

  private MemoryDataset read(byte[] pictures, byte[] labels, boolean gz) {
    String end = gz ? ".gz" : "";
    Path p = SampleFiles.write(folder.resolve("p" + end), pictures);
    Path l = SampleFiles.write(folder.resolve("l" + end), labels);
    return Idx.read("x", p, l, DIGITS);
  }

  private static byte[] packed(byte[] bytes, boolean gz) {
    return gz ? SampleFiles.gzip(bytes) : bytes;
  }

  /// One bit of a byte changed: bit 0 of the first byte, bit 1 of the second and so on.
  private static byte[] flipped(byte[] bytes, int at) {
    byte[] out = bytes.clone();
    out[at] ^= (byte) (1 << at % 8);
    return out;
  }

  @Test
  void saysWhichFileIsMissing() {
    SampleFiles.write(folder.resolve("train-images-idx3-ubyte"), SampleFiles.idxPictures(2));
    assertThatThrownBy(() -> Datasets.open(folder))
        .isInstanceOf(InputException.class)
        .hasMessage(folder + ": has train-images-idx3-ubyte, but not train-labels-idx1-ubyte[.gz]");
  }
}
