package unfold.interop.torch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import unfold.error.FormatException;
import unfold.error.InputException;
import unfold.interop.StoredTensor;
import unfold.interop.TensorFile;

class TorchReaderTest {
  @TempDir Path folder;

  static List<TorchSample> samples() {
    return TorchSample.all();
  }

  @ParameterizedTest
  @MethodSource("samples")
  void readsWhatTorchWrites(TorchSample sample) {
    TensorFile file = parse(sample.bytes());
    assertThat(file.tensors().keySet()).containsExactlyElementsOf(sample.tensors().keySet());
    sample
        .tensors()
        .forEach((name, content) -> {
          StoredTensor tensor = tensor(file, name);
          assertThat(tensor).hasToString(content.type());
          assertThat(tensor.tensor().type()).isEqualTo(tensor.readAs());
          assertThat(tensor.tensor().toDoubles()).as(name).isEqualTo(content.values());
        });
    assertThat(file.metadata()).containsAllEntriesOf(sample.said());
  }

  @Test
  void saysWhichFormItIs() {
    assertThat(parse(TorchSample.named("types").bytes()).format()).isEqualTo("PyTorch, zip");
    assertThat(parse(TorchSample.named("types-legacy").bytes()).format())
        .isEqualTo("PyTorch, stacked pickles");
  }

  @Test
  void copiesNothingThatLiesInTheFileAsMemoryWantsIt() throws IOException {
    Path path = Files.write(folder.resolve("a.pth"), TorchSample.named("views").bytes());
    TensorFile file = TorchReader.read(path);
    StoredTensor base = tensor(file, "base");
    StoredTensor turned = tensor(file, "transposed");
    assertThat(base.tensor().data().isReadOnly()).isTrue();
    assertThat(turned.storage().address()).isEqualTo(base.storage().address());
    assertThat(turned.dense()).isFalse();
    assertThat(turned.tensor().data().isReadOnly()).isFalse();
  }

  @Test
  void refusesAWholeNumberThatNeedsMoreThan32BitsOnlyWhenItIsRead() {
    byte[] pickle =
        new Pickle()
            .global("torch._utils", "_rebuild_tensor_v2")
            .raw('(')
            .storage("LongStorage", "0", 1)
            .whole(0)
            .tuple(1)
            .tuple(1)
            .raw(0x89, '}', 't', 'R')
            .end();
    StoredTensor big =
        tensor(parse(Archive.torch(pickle, new byte[] {0, 0, 0, 0, 1, 0, 0, 0})), "tensor");
    assertThatThrownBy(big::tensor)
        .isInstanceOf(FormatException.class)
        .hasMessageContaining("tensor holds 4294967296: whole numbers of more than 32 bits");
  }

  @ParameterizedTest
  @MethodSource("samples")
  void everyTruncationIsRefused(TorchSample sample) {
    for (int n = 0; n < sample.bytes().length; n++) {
      byte[] cut = Arrays.copyOf(sample.bytes(), n);
      assertThat(readOrRefuse(cut)).as("cut to %d bytes", n).isFalse();
    }
  }

  /// Every bit of small files, one bit of every byte of the others.
  @ParameterizedTest
  @MethodSource("samples")
  void everyFlippedBitIsReadOrRefusedButNeverAnythingElse(TorchSample sample) {
    byte[] bytes = sample.bytes().clone();
    int step = bytes.length < 1500 ? 1 : 8;
    for (int k = 0; k < 8 * bytes.length; k += step) {
      int bit = step == 1 ? k % 8 : k / 8 % 7;
      bytes[k / 8] ^= (byte) (1 << bit);
      readOrRefuse(bytes);
      bytes[k / 8] ^= (byte) (1 << bit);
    }
  }

  @Test
  void aDamagedNumberIsFoundByItsChecksum() {
    byte[] bytes = Archive.torch(Pickle.good(2).end(), new byte[8]);
    int data = new String(bytes, java.nio.charset.StandardCharsets.ISO_8859_1).indexOf("a/data/0");
    bytes[data + "a/data/0".length() + 3] ^= 1;
    // Zeros have a checksum too; only a checksum of 0 is none.
    assertThatThrownBy(() -> parse(bytes))
        .hasMessageContaining("entry 'a/data/0' is damaged: its checksum is wrong");
  }

  /// Random edits of the samples: bytes replaced, parts left out, repeated or swapped in from
  /// another sample.
  @Test
  void randomEditsAreReadOrRefused() {
    long seed = 20_261_125;
    var random = new Random(seed);
    List<TorchSample> all = samples();
    for (int k = 0; k < 5_000; k++) {
      byte[] bytes = all.get(random.nextInt(all.size())).bytes().clone();
      for (int edits = 1 + random.nextInt(4); edits > 0; edits--) {
        bytes = edit(bytes, all.get(random.nextInt(all.size())).bytes(), random);
      }
      try {
        readOrRefuse(bytes);
      } catch (RuntimeException | Error e) {
        throw new AssertionError("seed " + seed + ", edit " + k, e);
      }
    }
  }

  private static byte[] edit(byte[] bytes, byte[] other, Random random) {
    if (bytes.length == 0) {
      return other.clone();
    }
    int at = random.nextInt(bytes.length);
    int n = Math.min(bytes.length - at, 1 + random.nextInt(40));
    switch (random.nextInt(4)) {
      case 0 -> bytes[at] = (byte) random.nextInt(256);
      case 1 -> {
        byte[] less = Arrays.copyOf(bytes, bytes.length - n);
        System.arraycopy(bytes, at + n, less, at, less.length - at);
        return less;
      }
      case 2 -> {
        byte[] more = Arrays.copyOf(bytes, bytes.length + n);
        System.arraycopy(bytes, at, more, at + n, bytes.length - at);
        return more;
      }
      default -> {
        int from = random.nextInt(other.length);
        System.arraycopy(other, from, bytes, at, Math.min(n, other.length - from));
      }
    }
    return bytes;
  }

  private static boolean readOrRefuse(byte[] bytes) {
    try {
      parse(bytes).tensors().values().forEach(StoredTensor::tensor);
      return true;
    } catch (FormatException _) {
      return false;
    }
  }

  @Test
  void namesAMissingFileAndAFolder() {
    assertThatThrownBy(() -> TorchReader.read(folder.resolve("none")))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("there is no such file");
    assertThatThrownBy(() -> TorchReader.read(folder))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("is a folder");
  }

  private static TensorFile parse(byte[] bytes) {
    return TorchReader.parse("x.pth", MemorySegment.ofArray(bytes), TorchLimits.DEFAULT);
  }

  private static StoredTensor tensor(TensorFile file, String name) {
    return Objects.requireNonNull(file.tensors().get(name), name);
  }
}
