package unfold.interop.safetensors;

import java.lang.foreign.MemorySegment;
import java.util.HexFormat;
import java.util.zip.CRC32C;

/// A checksum of all numbers of a file, which files of ours keep in their metadata: a bit that a
/// disk turned over changes no header, and what a network answers then looks like any answer.
final class Checksum {
  static final String KEY = "unfold.crc32c";

  private static final long CHUNK_BYTES = 64L << 20;

  private final CRC32C crc = new CRC32C();

  Checksum add(MemorySegment numbers) {
    for (long at = 0; at < numbers.byteSize(); at += CHUNK_BYTES) {
      long n = Math.min(CHUNK_BYTES, numbers.byteSize() - at);
      crc.update(numbers.asSlice(at, n).asByteBuffer());
    }
    return this;
  }

  /// Eight hexadecimal digits.
  String text() {
    return HexFormat.of().toHexDigits((int) crc.getValue());
  }
}
