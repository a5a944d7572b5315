package unfold.data.image;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import unfold.error.FormatException;
import unfold.error.InputException;

/// Reads JPEG and PNG files, whatever they are called.
///
/// The result is upright (EXIF orientation applied) and has 1 channel if the file is grey, else 3.
/// Sixteen bits are rounded to eight; transparent parts show white paper; CMYK is converted without
/// colour profiles, and colour profiles and gamma are ignored, as training frameworks do. Size is
/// checked in the header before anything is decoded.
public final class PictureFile {
  public static final long MAX_FILE_BYTES = 64L << 20;
  public static final long MAX_PIXELS = 64L << 20;
  public static final int MAX_SIDE = 16_384;

  private PictureFile() {}

  public static Picture read(Path file) {
    try {
      long size = Files.size(file);
      if (size > MAX_FILE_BYTES) {
        throw FormatException.at(
            file.toString(),
            0,
            "a picture file of " + size + " bytes: " + MAX_FILE_BYTES + " are the limit");
      }
      return decode(Files.readAllBytes(file), file.toString());
    } catch (IOException e) {
      throw InputException.unreadable(file, e);
    }
  }

  /// Decodes the contents of a file; `name` is for messages.
  public static Picture decode(byte[] bytes, String name) {
    if (Jpeg.is(bytes)) {
      return Jpeg.decode(bytes, name);
    }
    if (Png.is(bytes)) {
      return Png.decode(bytes, name);
    }
    throw FormatException.at(name, 0, "not a JPEG or PNG picture");
  }

  /// Refuses extents beyond the limits before anything of that size is allocated.
  static void requireSize(String name, long offset, long height, long width) {
    if (height < 1 || width < 1 || height > MAX_SIDE || width > MAX_SIDE) {
      throw FormatException.at(
          name,
          offset,
          "a picture of "
              + height
              + "x"
              + width
              + " (height x width): 1 to "
              + MAX_SIDE
              + " a side can be");
    }
    if (height * width > MAX_PIXELS) {
      throw FormatException.at(
          name,
          offset,
          "a picture of "
              + height
              + "x"
              + width
              + " has "
              + height * width
              + " pixels: "
              + MAX_PIXELS
              + " are the limit");
    }
  }
}
