package unfold.data.digits;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;

/// Writes all built-in digits to a folder, for `digits_baselines.py` and to look at them:
/// `train.pixels`, `train.labels`, `test.pixels`, `test.labels`, one byte a number.
public final class DigitsExport {
  private DigitsExport() {}

  public static void main(String[] args) throws IOException {
    Path folder = Files.createDirectories(Path.of(args[0]));
    write(folder, "train", 60_000);
    write(folder, "test", 10_000);
  }

  private static void write(Path folder, String split, int count) throws IOException {
    var painter = new DigitPainter();
    byte[] picture = new byte[DigitPainter.SIDE * DigitPainter.SIDE];
    try (OutputStream pixels =
            new BufferedOutputStream(Files.newOutputStream(folder.resolve(split + ".pixels")));
        OutputStream labels =
            new BufferedOutputStream(Files.newOutputStream(folder.resolve(split + ".labels")))) {
      for (int i = 0; i < count; i++) {
        painter.paint(split, i, picture);
        pixels.write(picture);
        labels.write(DigitPainter.label(i));
      }
    }
  }
}
