package unfold.data.image;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.MethodSource;
import unfold.error.FormatException;

/// Whatever bytes come, they are a picture or are refused with a reason. `JAZZER_FUZZ=1` looks for
/// more of them; else the JPEG and PNG files of the other tests run.
final class PictureFuzzTest {
  static Stream<byte[]> files() {
    return Golden.all("decode").stream().map(Golden::fileBytes);
  }

  @MethodSource("files")
  @FuzzTest(maxDuration = "2m")
  void decodesOrRefuses(byte[] bytes) {
    try {
      PictureFile.decode(bytes, "fuzz");
    } catch (FormatException _) {
      // That is how a file is refused.
    }
  }
}
