package unfold.data.image;

import java.nio.ByteOrder;
import unfold.error.FormatException;

/// Bytes of a file seen as numbers, with a check before each read.
final class ByteInput {
  private final byte[] bytes;
  private final int base;
  private final int limit;
  private final String name;
  private ByteOrder order = ByteOrder.BIG_ENDIAN;

  ByteInput(byte[] bytes, String name) {
    this(bytes, 0, bytes.length, name);
  }

  private ByteInput(byte[] bytes, int base, int limit, String name) {
    this.bytes = bytes;
    this.base = base;
    this.limit = limit;
    this.name = name;
  }

  /// A part of the file, with offsets from its own begin.
  ByteInput part(int offset, int length) {
    require(offset, length);
    return new ByteInput(bytes, base + offset, base + offset + length, name);
  }

  void order(ByteOrder newOrder) {
    order = newOrder;
  }

  int length() {
    return limit - base;
  }

  int u8(int offset) {
    require(offset, 1);
    return bytes[base + offset] & 0xFF;
  }

  int u16(int offset) {
    require(offset, 2);
    int first = bytes[base + offset] & 0xFF;
    int second = bytes[base + offset + 1] & 0xFF;
    return order == ByteOrder.BIG_ENDIAN ? first << 8 | second : second << 8 | first;
  }

  long u32(int offset) {
    long first = u16(offset);
    long second = u16(offset + 2);
    return order == ByteOrder.BIG_ENDIAN ? first << 16 | second : second << 16 | first;
  }

  boolean has(int offset, String ascii) {
    if (offset < 0 || offset + ascii.length() > length()) {
      return false;
    }
    for (int k = 0; k < ascii.length(); k++) {
      if (bytes[base + offset + k] != (byte) ascii.charAt(k)) {
        return false;
      }
    }
    return true;
  }

  FormatException problem(int offset, String text) {
    return FormatException.at(name, (long) base + offset, text);
  }

  private void require(int offset, int count) {
    if (offset < 0 || count < 0 || (long) offset + count > length()) {
      throw problem(
          Math.max(0, Math.min(offset, length())),
          "the file ends here, but " + count + " bytes more must follow");
    }
  }
}
