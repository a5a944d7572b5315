package unfold.data.image;

import java.awt.image.BufferedImage;
import java.awt.image.IndexColorModel;
import java.awt.image.Raster;
import java.util.zip.CRC32;

/// PNG: checks the chunks and their checksums, lets the JDK inflate and unfilter, and makes 8-bit
/// grey or colour of the samples.
///
/// @source W3C: Portable Network Graphics (third edition), sections 5, 11 and 13.12
final class Png {
  private static final int HEADER = 0x49484452;
  private static final int EXIF = 0x65584966;
  private static final int END = 0x49454E44;
  private static final int[] SIGNATURE = {0x89, 'P', 'N', 'G', '\r', '\n', 0x1A, '\n'};

  private final byte[] bytes;
  private final ByteInput in;
  private final String name;
  private int height;
  private int width;
  private boolean colour;
  private int orientation = 1;

  private Png(byte[] bytes, String name) {
    this.bytes = bytes;
    this.name = name;
    this.in = new ByteInput(bytes, name);
    parse();
  }

  static boolean is(byte[] bytes) {
    for (int k = 0; k < SIGNATURE.length; k++) {
      if (bytes.length <= k || (bytes[k] & 0xFF) != SIGNATURE[k]) {
        return false;
      }
    }
    return true;
  }

  static Picture decode(byte[] bytes, String name) {
    var png = new Png(bytes, name);
    BufferedImage image = JdkDecoder.png(bytes, name);
    var shape = new PictureShape(png.height, png.width, png.colour ? 3 : 1);
    byte[] pixels = new byte[shape.bytes()];
    if (image.getColorModel() instanceof IndexColorModel palette) {
      fromPalette(image.getRaster(), palette, shape.channels(), pixels);
    } else {
      fromSamples(image.getRaster(), shape.channels(), pixels);
    }
    return Orientation.upright(new Picture(shape, pixels), png.orientation);
  }

  private void parse() {
    CRC32 crc = new CRC32();
    int at = SIGNATURE.length;
    for (int type = 0; type != END; ) {
      long length = in.u32(at);
      type = (int) in.u32(at + 4);
      if (length > bytes.length - at - 12L) {
        throw in.problem(
            at,
            "a chunk of "
                + length
                + " bytes, but the file has only "
                + Math.max(0, bytes.length - at - 12)
                + " more: it is truncated");
      }
      crc.reset();
      crc.update(bytes, at + 4, 4 + (int) length);
      if (crc.getValue() != in.u32(at + 8 + (int) length)) {
        throw in.problem(at, "the checksum of this chunk is wrong: the file is corrupt");
      }
      boolean first = at == SIGNATURE.length;
      if (first != (type == HEADER)) {
        throw in.problem(at + 4, "the header chunk (IHDR) must come first, and once");
      }
      if (first) {
        header(in.part(at + 8, (int) length), at + 8);
      } else if (type == EXIF) {
        orientation = Orientation.of(in.part(at + 8, (int) length));
      }
      at += 12 + (int) length;
    }
  }

  private void header(ByteInput header, int offset) {
    long declaredWidth = header.u32(0);
    long declaredHeight = header.u32(4);
    PictureFile.requireSize(name, offset, declaredHeight, declaredWidth);
    width = (int) declaredWidth;
    height = (int) declaredHeight;
    int type = header.u8(9);
    if (type > 6 || type == 1 || type == 5) {
      throw header.problem(9, "colour type " + type + ": 0, 2, 3, 4 and 6 can be");
    }
    colour = type != 0 && type != 4;
  }

  private static void fromPalette(
      Raster raster, IndexColorModel palette, int channels, byte[] pixels) {
    int[] argb = new int[palette.getMapSize()];
    palette.getRGBs(argb);
    int[] row = new int[raster.getWidth()];
    for (int y = 0, o = 0; y < raster.getHeight(); y++) {
      for (int index : raster.getPixels(0, y, row.length, 1, row)) {
        int entry = argb[Math.min(index, argb.length - 1)];
        int alpha = entry >>> 24;
        for (int c = 0; c < channels; c++) {
          pixels[o++] = onPaper(entry >> (16 - 8 * c) & 0xFF, alpha);
        }
      }
    }
  }

  /// Samples of 8 or 16 bits, the last band being the opacity if there is one more than channels.
  private static void fromSamples(Raster raster, int channels, byte[] pixels) {
    int bands = raster.getNumBands();
    int max = (1 << raster.getSampleModel().getSampleSize(0)) - 1;
    int[] row = new int[raster.getWidth() * bands];
    for (int y = 0, o = 0; y < raster.getHeight(); y++) {
      raster.getPixels(0, y, raster.getWidth(), 1, row);
      for (int i = 0; i < row.length; i += bands) {
        int alpha = bands > channels ? eightBits(row[i + channels], max) : 255;
        for (int c = 0; c < channels; c++) {
          pixels[o++] = onPaper(eightBits(row[i + c], max), alpha);
        }
      }
    }
  }

  private static int eightBits(int sample, int max) {
    return (sample * 255 + max / 2) / max;
  }

  /// A colour that covers white paper to alpha/255.
  private static byte onPaper(int value, int alpha) {
    return (byte) (255 + ((value - 255) * alpha - 127) / 255);
  }
}
