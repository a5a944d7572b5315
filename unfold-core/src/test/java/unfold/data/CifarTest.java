package unfold.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import unfold.error.FormatException;
import unfold.error.InputException;

class CifarTest {
  private static final int AREA = 32 * 32;

  @TempDir Path folder;

  /// Label of record i is (first + i) mod classes; channel c of pixel p is (first + i + 3p + 50c)
  /// mod 256.
  private static byte[] records(int labelBytes, int count, int first, int classes) {
    int record = labelBytes + 3 * AREA;
    byte[] out = new byte[count * record];
    for (int i = 0; i < count; i++) {
      out[i * record + labelBytes - 1] = (byte) ((first + i) % classes);
      for (int c = 0; c < 3; c++) {
        for (int p = 0; p < AREA; p++) {
          out[i * record + labelBytes + c * AREA + p] = (byte) (first + i + 3 * p + 50 * c);
        }
      }
    }
    return out;
  }

  @Test
  void readsBatchesInOrderPlainAndGzippedAsInterleavedColour() {
    SampleFiles.write(
        folder.resolve("data_batch_2.bin.gz"), SampleFiles.gzip(records(1, 3, 2, 10)));
    SampleFiles.write(folder.resolve("data_batch_1.bin"), records(1, 2, 0, 10));
    SampleFiles.write(folder.resolve("data_batch_1.bin.gz"), SampleFiles.gzip(new byte[3]));
    SampleFiles.write(folder.resolve("test_batch.bin"), records(1, 1, 9, 10));
    Splits splits = Datasets.open(folder);
    Dataset train = splits.train();
    assertThat(train.size()).isEqualTo(5);
    assertThat(train.label(4)).isEqualTo(4);
    assertThat(train.picture(4).get(1, 2, 2)).isEqualTo((4 + 3 * 34 + 100) % 256);
    assertThat(train.classes()).contains("airplane", "truck").hasSize(10);
    assertThat(splits.test().orElseThrow().label(0)).isEqualTo(9);
    SampleFiles.write(
        folder.resolve("batches.meta.txt"), "a\nb\nc\nd\ne\nf\ng\nh\ni\nj\n\n".getBytes());
    assertThat(Datasets.open(folder).train().classes()).startsWith("a").hasSize(10);
  }

  @Test
  void saysThatAnArchiveBesideItsFilesIsNotRead() {
    SampleFiles.write(folder.resolve("data_batch_1.bin"), records(1, 2, 0, 10));
    SampleFiles.write(folder.resolve("test_batch.bin"), records(1, 1, 9, 10));
    assertThat(Datasets.open(folder).notes()).isEmpty();
    SampleFiles.write(folder.resolve("pictures.tar.gz"), new byte[3]);
    String note = folder + ": archives are not read, only what is unpacked: pictures.tar.gz";
    assertThat(Datasets.open(folder).notes()).containsExactly(note);
  }

  @Test
  void readsTheFineLabelOfCifar100() {
    SampleFiles.write(folder.resolve("train.bin"), records(2, 3, 97, 100));
    Splits splits = Datasets.open(folder);
    assertThat(splits.train().label(2)).isEqualTo(99);
    assertThat(splits.train().classes()).hasSize(100);
    assertThat(splits.notes()).hasSize(1);
  }

  @Test
  void namesFileOffsetAndNumbersOfWhatIsWrong() {
    Path file = folder.resolve("data_batch_1.bin");
    SampleFiles.write(file, Arrays.copyOf(records(1, 2, 0, 10), 6000));
    assertThatThrownBy(() -> Datasets.open(folder))
        .isInstanceOf(FormatException.class)
        .hasMessage(
            file
                + ": at byte 3073: 6000 bytes are not a whole number of records of 3073 bytes: the"
                + " file is truncated or no CIFAR file");
    byte[] wrong = records(1, 2, 0, 10);
    wrong[3073] = 10;
    SampleFiles.write(file, wrong);
    assertThatThrownBy(() -> Datasets.open(folder))
        .hasMessage(
            file + ": at byte 3073: label 10 is out of range: there are 10 classes (0 to 9)");
    Path test = SampleFiles.write(folder.resolve("only").resolve("test_batch.bin"), wrong);
    assertThatThrownBy(() -> Datasets.open(test.resolveSibling("")))
        .isInstanceOf(InputException.class)
        .hasMessageEndingWith("has the test files, but not data_batch_1.bin[.gz]");
  }

  @Test
  void truncatedAndFlippedFilesGiveOnlyFormatExceptions() {
    byte[] plain = records(1, 1, 0, 10);
    for (int n = 0; n < plain.length; n += n < 8 ? 1 : 511) {
      assertRefused("data_batch_1.bin", Arrays.copyOf(plain, n));
    }
    byte[] packed = SampleFiles.gzip(plain);
    for (int n = 0; n < packed.length; n++) {
      assertRefused("data_batch_1.bin.gz", Arrays.copyOf(packed, n));
    }
    for (int at = 0; at < packed.length; at++) {
      byte[] flipped = packed.clone();
      flipped[at] ^= (byte) (1 << at % 8);
      SampleFiles.write(folder.resolve("data_batch_1.bin.gz"), flipped);
      try {
        assertThat(Datasets.open(folder).train().size()).isEqualTo(1);
      } catch (FormatException e) {
        assertThat(e).hasMessageContaining("at byte");
      }
    }
  }

  private void assertRefused(String name, byte[] bytes) {
    SampleFiles.write(folder.resolve("data_batch_1.bin"), new byte[0]);
    Path file = SampleFiles.write(folder.resolve(name), bytes);
    if (name.endsWith(".gz")) {
      assertThat(folder.resolve("data_batch_1.bin").toFile().delete()).isTrue();
    }
    assertThatThrownBy(() -> Datasets.open(folder))
        .isInstanceOf(FormatException.class)
        .hasMessageStartingWith(file.toString());
  }
}
