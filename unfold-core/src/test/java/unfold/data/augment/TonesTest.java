package unfold.data.augment;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import unfold.data.image.Picture;
import unfold.data.image.PictureShape;

/// Against Pillow: `tones.py` beside `tones.txt` made the numbers.
final class TonesTest {
  static List<String> lines() throws IOException {
    try (var in = TonesTest.class.getResourceAsStream("tones.txt")) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8)
          .lines()
          .filter(line -> !line.startsWith("#"))
          .toList();
    }
  }

  @ParameterizedTest
  @MethodSource("lines")
  void changesNumbersAsPillowDoes(String line) {
    String[] words = line.split(" ", 3);
    double setting = Double.parseDouble(words[1]);
    Picture x = picture();
    Picture y =
        switch (words[0]) {
          case "brightness" -> Tones.towards(x, setting, 0);
          case "colour" -> Tones.saturated(x, setting);
          case "contrast" -> Tones.towards(x, setting, Math.floor(Tones.meanLuma(x) + 0.5));
          case "sharpness" -> Tones.sharpened(x, setting);
          case "posterise" -> Tones.posterised(x, (int) setting);
          case "solarise" -> Tones.solarised(x, setting);
          case "spread" -> Tones.spread(x);
          case "equalise" -> Tones.equalised(x);
          default -> throw new AssertionError(line);
        };
    assertThat(checksums(y)).isEqualTo(words[2]);
  }

  private static Picture picture() {
    byte[] pixels = new byte[18 * 23 * 3];
    long state = 7;
    for (int i = 0; i < pixels.length; i++) {
      state = (state * 1103515245 + 12345) % (1L << 31);
      pixels[i] = (byte) (20 + state / 65536 % 190);
    }
    return new Picture(new PictureShape(18, 23, 3), pixels);
  }

  private static String checksums(Picture picture) {
    byte[] data = picture.pixels();
    long sum = 0;
    long weighted = 0;
    for (int i = 0; i < data.length; i++) {
      sum += data[i] & 0xFF;
      weighted += (i % 251 + 1L) * (data[i] & 0xFF);
    }
    return Stream.concat(
            Stream.of(sum, weighted), IntStream.range(0, 12).mapToObj(i -> (long) (data[i] & 0xFF)))
        .map(String::valueOf)
        .collect(Collectors.joining(" "));
  }
}
