package unfold.inspect;

import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import javax.imageio.ImageIO;
import javax.imageio.stream.MemoryCacheImageOutputStream;

/// A picture for people, with its titles.
public final class Sheet {
  private final BufferedImage image;

  Sheet(BufferedImage image) {
    this.image = image;
  }

  public int width() {
    return image.getWidth();
  }

  public int height() {
    return image.getHeight();
  }

  /// The colour at a place, 0xRRGGBB.
  public int colour(int row, int column) {
    return image.getRGB(column, row) & 0xFFFFFF;
  }

  /// As a PNG file's contents.
  public byte[] png() {
    var bytes = new ByteArrayOutputStream();
    // In memory: with a file as its cache, ImageIO cannot write while the process is shutting down.
    try (var out = new MemoryCacheImageOutputStream(bytes)) {
      ImageIO.write(image, "png", out);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }
}
