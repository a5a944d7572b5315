package unfold.data;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.MethodSource;
import unfold.error.FormatException;

/// Whatever bytes come, they are MNIST's format or are refused with a reason. `JAZZER_FUZZ=1` looks
/// for more of them; else these run.
final class IdxFuzzTest {
  static Stream<byte[]> files() {
    return Stream.of(
        SampleFiles.idxPictures(3),
        SampleFiles.idxLabels(3),
        SampleFiles.gzip(SampleFiles.idxPictures(2)),
        new byte[] {0, 0, 8, 3, 127, -1, -1, -1, 127, -1, -1, -1, 127, -1, -1, -1},
        new byte[0]);
  }

  @MethodSource("files")
  @FuzzTest(maxDuration = "2m")
  void readsOrRefuses(byte[] bytes) throws IOException {
    Path folder = Files.createTempDirectory("idx");
    Path file = folder.resolve("file");
    Path good = folder.resolve("good");
    try {
      Files.write(file, bytes);
      read(file, Files.write(good, SampleFiles.idxLabels(3)));
      read(Files.write(good, SampleFiles.idxPictures(3)), file);
    } finally {
      Files.deleteIfExists(file);
      Files.deleteIfExists(good);
      Files.delete(folder);
    }
  }

  private static void read(Path pictures, Path labels) {
    try {
      Idx.read("fuzz", pictures, labels, Collections.nCopies(10, "c"));
    } catch (FormatException _) {
      // That is how a file is refused.
    }
  }
}
