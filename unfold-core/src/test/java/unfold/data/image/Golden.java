package unfold.data.image;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Objects;

/// A case of `pillow_golden.txt`: a picture file and the picture that Pillow makes of it.
record Golden(String what, String name, String file, PictureShape shape, String pixels) {
  static List<Golden> all(String what) {
    try (InputStream in =
        Objects.requireNonNull(Golden.class.getResourceAsStream("pillow_golden.txt"))) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8)
          .lines()
          .filter(line -> line.startsWith(what + " "))
          .map(line -> line.split(" "))
          .map(w ->
              new Golden(
                  w[0],
                  w[1],
                  w[2],
                  new PictureShape(
                      Integer.parseInt(w[3]), Integer.parseInt(w[4]), Integer.parseInt(w[5])),
                  w[6]))
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  byte[] fileBytes() {
    return Base64.getDecoder().decode(file);
  }

  byte[] pixelBytes() {
    return Base64.getDecoder().decode(pixels);
  }

  @Override
  public String toString() {
    return name;
  }
}
