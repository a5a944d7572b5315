package unfold.interop.torch;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import unfold.error.FormatException;

/// A place in a file, from which little-endian numbers and texts are taken. Nothing is taken beyond
/// the end of its part.
final class Cursor {
  private static final ValueLayout.OfShort SHORT =
      ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfInt INT =
      ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfLong LONG =
      ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  private final String file;
  private final MemorySegment bytes;
  private final long end;
  private long at;

  /// From `begin` to `end` of the file.
  Cursor(String file, MemorySegment bytes, long begin, long end) {
    this.file = file;
    this.bytes = bytes;
    this.at = begin;
    this.end = end;
  }

  String file() {
    return file;
  }

  long at() {
    return at;
  }

  long remaining() {
    return end - at;
  }

  int u8() {
    return bytes.get(ValueLayout.JAVA_BYTE, take(1)) & 0xFF;
  }

  int u16() {
    return bytes.get(SHORT, take(2)) & 0xFFFF;
  }

  int i32() {
    return bytes.get(INT, take(4));
  }

  long u32() {
    return i32() & 0xFFFFFFFFL;
  }

  long i64() {
    return bytes.get(LONG, take(8));
  }

  /// Pickles hold reals with the high byte first.
  double bigEndianDouble() {
    return Double.longBitsToDouble(Long.reverseBytes(i64()));
  }

  byte[] take(long count, String what) {
    if (count < 0 || count > remaining()) {
      throw bad(what + " of " + count + " bytes, but only " + remaining() + " are left");
    }
    return bytes.asSlice(take(count), count).toArray(ValueLayout.JAVA_BYTE);
  }

  /// UTF-8 of so many bytes.
  String text(long count) {
    long begin = at;
    return decode(take(count, "a text"), begin);
  }

  /// ASCII up to the end of the line, which is taken too.
  String line(int most) {
    long begin = at;
    for (int n = 0; n <= most; n++) {
      if (u8() == '\n') {
        return decode(bytes.asSlice(begin, n).toArray(ValueLayout.JAVA_BYTE), begin);
      }
    }
    at = begin;
    throw bad("a name of more than " + most + " bytes");
  }

  private String decode(byte[] utf8, long begin) {
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(java.nio.ByteBuffer.wrap(utf8)).toString();
    } catch (CharacterCodingException e) {
      throw new FormatException(file + ": at byte " + begin + ": a text is not UTF-8", e);
    }
  }

  /// The next bytes as they lie in the file.
  MemorySegment slice(long count, String what) {
    if (count < 0 || count > remaining()) {
      throw bad(what + " of " + count + " bytes, but only " + remaining() + " are left");
    }
    return bytes.asSlice(take(count), count);
  }

  private long take(long count) {
    if (count > remaining()) {
      throw bad("the file ends here, or what lies in it does");
    }
    long from = at;
    at += count;
    return from;
  }

  FormatException bad(String problem) {
    return FormatException.at(file, at, problem);
  }
}
