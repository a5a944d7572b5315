package unfold.cli;

import java.awt.image.BufferedImage;
import java.awt.image.IndexColorModel;
import java.awt.image.Raster;
import java.awt.image.WritableRaster;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageWriter;
import javax.imageio.stream.ImageOutputStream;
import unfold.error.InputException;

/// Picture files of every kind, all of one scene: a bright corner on a dark slope, in blocks of
/// eight pixels, which JPEG keeps nearly as they are.
final class Pictures {
  static final int SIZE = 32;

  private Pictures() {}

  /// 0 … 3 at a place.
  private static int level(int x, int y) {
    return x < 16 && y < 8 ? 3 : (x / 8 + y / 8) % 3;
  }

  private static int grey(int x, int y) {
    return 85 * level(x, y);
  }

  private static BufferedImage scene() {
    var image = new BufferedImage(SIZE, SIZE, BufferedImage.TYPE_INT_RGB);
    for (int y = 0; y < SIZE; y++) {
      for (int x = 0; x < SIZE; x++) {
        image.setRGB(x, y, 0x010101 * grey(x, y));
      }
    }
    return image;
  }

  static Path png(Path file) throws IOException {
    return written(scene(), "png", file);
  }

  static Path jpeg(Path file) throws IOException {
    return written(scene(), "jpg", file);
  }

  static Path palette(Path file) throws IOException {
    byte[] levels = {0, 85, (byte) 170, (byte) 255};
    var image =
        new BufferedImage(
            SIZE,
            SIZE,
            BufferedImage.TYPE_BYTE_BINARY,
            new IndexColorModel(2, 4, levels, levels, levels));
    for (int y = 0; y < SIZE; y++) {
      for (int x = 0; x < SIZE; x++) {
        image.getRaster().setSample(x, y, 0, level(x, y));
      }
    }
    return written(image, "png", file);
  }

  static Path sixteenBits(Path file) throws IOException {
    var image = new BufferedImage(SIZE, SIZE, BufferedImage.TYPE_USHORT_GRAY);
    for (int y = 0; y < SIZE; y++) {
      for (int x = 0; x < SIZE; x++) {
        image.getRaster().setSample(x, y, 0, 257 * grey(x, y));
      }
    }
    return written(image, "png", file);
  }

  /// Stored a quarter turn to the left, with the mark in EXIF that says so.
  static Path turned(Path file) throws IOException {
    BufferedImage upright = scene();
    var image = new BufferedImage(SIZE, SIZE, BufferedImage.TYPE_INT_RGB);
    for (int y = 0; y < SIZE; y++) {
      for (int x = 0; x < SIZE; x++) {
        image.setRGB(y, SIZE - 1 - x, upright.getRGB(x, y));
      }
    }
    byte[] jpeg = Files.readAllBytes(written(image, "jpg", file));
    byte[] exif = {
      (byte) 0xff,
      (byte) 0xe1,
      0,
      34,
      'E',
      'x',
      'i',
      'f',
      0,
      0, // APP1
      'M',
      'M',
      0,
      42,
      0,
      0,
      0,
      8, // TIFF, first directory
      0,
      1,
      1,
      0x12,
      0,
      3,
      0,
      0,
      0,
      1,
      0,
      6,
      0,
      0,
      0,
      0,
      0,
      0 // orientation 6: turn right
    };
    var all = new ByteArrayOutputStream();
    all.write(jpeg, 0, 2);
    all.writeBytes(exif);
    all.write(jpeg, 2, jpeg.length - 2);
    return Files.write(file, all.toByteArray());
  }

  /// Four inks, inverted as Adobe stores them.
  static Path cmyk(Path file) throws IOException {
    WritableRaster raster =
        Raster.createInterleavedRaster(java.awt.image.DataBuffer.TYPE_BYTE, SIZE, SIZE, 4, null);
    for (int y = 0; y < SIZE; y++) {
      for (int x = 0; x < SIZE; x++) {
        raster.setPixel(x, y, new int[] {255, 255, 255, grey(x, y)});
      }
    }
    ImageWriter writer = ImageIO.getImageWritersByFormatName("jpg").next();
    try (ImageOutputStream out = ImageIO.createImageOutputStream(file.toFile())) {
      writer.setOutput(out);
      writer.write(null, new IIOImage(raster, List.of(), null), null);
    } finally {
      writer.dispose();
    }
    byte[] jpeg = Files.readAllBytes(file);
    byte[] adobe = {
      (byte) 0xff, (byte) 0xee, 0, 14, 'A', 'd', 'o', 'b', 'e', 0, 100, 0, 0, 0, 0, 0
    };
    var all = new ByteArrayOutputStream();
    all.write(jpeg, 0, 2);
    all.writeBytes(adobe);
    all.write(jpeg, 2, jpeg.length - 2);
    return Files.write(file, all.toByteArray());
  }

  private static Path written(BufferedImage image, String form, Path file) throws IOException {
    if (!ImageIO.write(image, form, file.toFile())) {
      throw new InputException("the JDK does not write this as " + form);
    }
    return file;
  }
}
