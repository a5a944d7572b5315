package unfold.data.image;

import java.io.ByteArrayOutputStream;
import unfold.error.FormatException;

/// JPEG: finds out what a file holds, then lets the JDK undo Huffman coding, cosine transform and
/// subsampling, and converts colours itself.
///
/// The decoder sees only the segments that it needs: colour profiles, EXIF data and thumbnails are
/// left out, so that they can neither change colours nor stop it.
///
/// @source ITU-T T.81, annex B (markers); ITU-T T.872 (colour: JFIF and Adobe segments)
final class Jpeg {
  private static final int APP0 = 0xE0;
  private static final int APP1 = 0xE1;
  private static final int APP14 = 0xEE;
  private static final int COMMENT = 0xFE;
  private static final int START_OF_SCAN = 0xDA;
  private static final int END = 0xD9;

  private final ByteInput in;
  private final byte[] bytes;
  private final String name;
  private final ByteArrayOutputStream kept = new ByteArrayOutputStream();
  private int height;
  private int width;
  private int components;
  private int firstComponent;
  private boolean jfif;
  private int adobeTransform = -1;
  private int orientation = 1;

  private Jpeg(byte[] bytes, String name) {
    this.bytes = bytes;
    this.name = name;
    this.in = new ByteInput(bytes, name);
    parse();
  }

  static boolean is(byte[] bytes) {
    return bytes.length > 3
        && (bytes[0] & 0xFF) == 0xFF
        && (bytes[1] & 0xFF) == 0xD8
        && (bytes[2] & 0xFF) == 0xFF;
  }

  static Picture decode(byte[] bytes, String name) {
    var jpeg = new Jpeg(bytes, name);
    byte[] samples = JdkDecoder.jpeg(jpeg.kept.toByteArray(), name, jpeg.components);
    if (samples.length != (long) jpeg.height * jpeg.width * jpeg.components) {
      throw new FormatException(name + ": the decoded picture has not the size in its header");
    }
    int channels = jpeg.components == 1 ? 1 : 3;
    byte[] pixels =
        switch (jpeg.colour()) {
          case GREY, RGB -> samples;
          case YCC -> JpegColour.yccToRgb(samples);
          case CMYK -> JpegColour.cmykToRgb(samples);
          case YCCK -> JpegColour.cmykToRgb(JpegColour.ycckToCmyk(samples));
        };
    var stored = new Picture(new PictureShape(jpeg.height, jpeg.width, channels), pixels);
    return Orientation.upright(stored, jpeg.orientation);
  }

  private enum Colour {
    GREY,
    RGB,
    YCC,
    CMYK,
    YCCK
  }

  /// What the components mean, by the conventions that the Independent JPEG Group's decoder set.
  private Colour colour() {
    return switch (components) {
      case 1 -> Colour.GREY;
      case 3 -> {
        boolean lettered = firstComponent == 'R';
        yield jfif
            ? Colour.YCC
            : adobeTransform >= 0
                ? (adobeTransform == 0 ? Colour.RGB : Colour.YCC)
                : (lettered ? Colour.RGB : Colour.YCC);
      }
      case 4 -> adobeTransform == 2 ? Colour.YCCK : Colour.CMYK;
      default ->
          throw new FormatException(
              name + ": a JPEG with " + components + " components: 1, 3 and 4 can be read");
    };
  }

  /// Walks over the segments up to the first scan and keeps what the decoder needs.
  private void parse() {
    kept.write(bytes, 0, 2);
    int at = 2;
    while (true) {
      if (in.u8(at) != 0xFF) {
        throw in.problem(at, "a marker (0xff) must be here, not 0x%02x".formatted(in.u8(at)));
      }
      while (in.u8(at + 1) == 0xFF) {
        at++;
      }
      int marker = in.u8(at + 1);
      if (marker == END) {
        throw in.problem(at, "the picture ends before it began");
      }
      int length = in.u16(at + 2);
      if (length < 2) {
        throw in.problem(at + 2, "a segment of length " + length + ": 2 is the least");
      }
      if (marker == START_OF_SCAN) {
        if (components == 0) {
          throw in.problem(at, "a scan without a frame header before it");
        }
        requireEnd(at);
        kept.write(bytes, at, bytes.length - at);
        return;
      }
      segment(marker, at + 4, in.part(at + 4, length - 2));
      boolean needed = marker < APP0 || marker == APP14;
      if (needed && marker != COMMENT) {
        kept.write(bytes, at, 2 + length);
      }
      at += 2 + length;
    }
  }

  /// Refuses a file without an end marker after the first scan. In coded data the byte 0xff never
  /// comes before 0xd9, so this is one.
  private void requireEnd(int scan) {
    for (int at = bytes.length - 2; at > scan; at--) {
      if ((bytes[at] & 0xFF) == 0xFF && (bytes[at + 1] & 0xFF) == END) {
        return;
      }
    }
    throw in.problem(bytes.length, "the picture is truncated: it has no end marker");
  }

  private void segment(int marker, int offset, ByteInput content) {
    boolean frame =
        marker >= 0xC0 && marker <= 0xCF && marker != 0xC4 && marker != 0xC8 && marker != 0xCC;
    if (frame) {
      frame(marker, offset, content);
    } else if (marker == APP0) {
      jfif |= content.has(0, "JFIF\0");
    } else if (marker == APP14 && content.length() >= 12 && content.has(0, "Adobe")) {
      adobeTransform = content.u8(11);
    } else if (marker == APP1 && content.has(0, "Exif\0\0")) {
      orientation = Orientation.of(content.part(6, content.length() - 6));
    }
  }

  private void frame(int marker, int offset, ByteInput content) {
    if (marker > 0xC2) {
      throw in.problem(
          offset - 4,
          "a JPEG of a kind that is not read (marker 0xff%02x): baseline, extended and progressive"
                  .formatted(marker)
              + " Huffman-coded ones are");
    }
    if (components != 0) {
      throw in.problem(offset - 4, "a second frame header");
    }
    int precision = content.u8(0);
    if (precision != 8) {
      throw in.problem(offset, "a JPEG of " + precision + " bits a sample: 8 can be read");
    }
    height = content.u16(1);
    width = content.u16(3);
    PictureFile.requireSize(name, offset + 1L, height, width);
    components = content.u8(5);
    if (components != 1 && components != 3 && components != 4) {
      throw in.problem(
          offset + 5, "a JPEG with " + components + " components: 1, 3 and 4 can be read");
    }
    if (content.length() != 6 + 3 * components) {
      throw in.problem(
          offset,
          components
              + " components need a frame header of "
              + (6 + 3 * components)
              + " bytes, not "
              + content.length());
    }
    firstComponent = content.u8(6);
  }
}
