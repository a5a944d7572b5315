package unfold.data;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import unfold.data.fetch.Sha256;

class DigitsTest {
  /// Of pictures 0 … 999 of both splits, one after the other. If this test fails on purpose, raise
  /// `DigitPainter.VERSION`.
  private static final String SHA256_V1 =
      "c9cff63fb808a16849aee769e7dacaff50a64cdcc486d29ace586ee0f3b92625";

  private static final Splits DIGITS = Datasets.digits();

  private final Splits digits = DIGITS;
  private final Dataset test = digits.test().orElseThrow();

  @Test
  void everyMachineDrawsTheSameBits() {
    var digest = Sha256.digest();
    for (Dataset part : new Dataset[] {digits.train(), test}) {
      for (int i = 0; i < 1000; i++) {
        digest.update(part.picture(i).pixels());
      }
    }
    assertThat(HexFormat.of().formatHex(digest.digest())).isEqualTo(SHA256_V1);
  }

  @Test
  void classesAreBalancedAndEachTenPicturesShowAllTen() {
    for (int begin = 0; begin < 300; begin += 10) {
      assertThat(IntStream.range(begin, begin + 10).map(test::label))
          .containsExactlyInAnyOrder(0, 1, 2, 3, 4, 5, 6, 7, 8, 9);
    }
  }

  @Test
  void picturesDependOnTheirNumberAloneNotOnOrderOrThreads() {
    Dataset again = Datasets.digits().train();
    byte[][] parallel =
        IntStream.range(0, 400)
            .parallel()
            .mapToObj(k -> again.picture(399 - k).pixels())
            .toArray(byte[][]::new);
    for (int i = 0; i < 400; i++) {
      assertThat(digits.train().picture(i).pixels()).isEqualTo(parallel[399 - i]);
    }
  }

  @Test
  void splitsShareNoPicture() {
    Set<String> seen = new HashSet<>();
    for (int i = 0; i < 1000; i++) {
      seen.add(HexFormat.of().formatHex(digits.train().picture(i).pixels()));
      seen.add(HexFormat.of().formatHex(test.picture(i).pixels()));
    }
    assertThat(seen).hasSize(2000);
  }

  @Test
  void readingIntoABufferEqualsThePicture() {
    MemorySegment to = Arena.ofAuto().allocate(3 * 784);
    test.read(77, to, 784);
    test.read(77, to, 2 * 784);
    byte[] second = to.asSlice(784, 784).toArray(ValueLayout.JAVA_BYTE);
    byte[] third = to.asSlice(2 * 784, 784).toArray(ValueLayout.JAVA_BYTE);
    assertThat(second).isEqualTo(test.picture(77).pixels()).isEqualTo(third);
  }

  @Test
  void everyDigitHasInkAndPaperAndItsAreaIsPlausible() {
    for (int i = 0; i < 1000; i++) {
      byte[] pixels = test.picture(i).pixels();
      long dark = IntStream.range(0, 784).filter(j -> (pixels[j] & 0xFF) > 128).count();
      assertThat(dark).as("dark pixels of picture %d", i).isBetween(12L, 330L);
    }
  }
}
