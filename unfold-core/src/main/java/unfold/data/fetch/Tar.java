package unfold.data.fetch;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.zip.GZIPInputStream;
import unfold.error.FormatException;

/// Takes files out of a `.tar.gz`: those that were asked for by their exact names, and no others.
///
/// @source IEEE 1003.1-2017, pax, "ustar interchange format"
final class Tar {
  private static final int BLOCK = 512;
  private static final long MAX_MEMBER_BYTES = 1L << 30;

  private Tar() {}

  /// Writes each member to `folder` under the last part of its name, unless a file of that name and
  /// size is there.
  static void unpack(Path archive, List<String> members, Path folder) {
    Set<String> missing = new HashSet<>(members);
    long offset = 0;
    byte[] header = new byte[BLOCK];
    try (InputStream in =
        new GZIPInputStream(new BufferedInputStream(Files.newInputStream(archive)), 1 << 16)) {
      while (!missing.isEmpty() && in.readNBytes(header, 0, BLOCK) == BLOCK && header[0] != 0) {
        requireChecksum(archive, offset, header);
        long size = octal(archive, offset, header, 124, 12);
        String name = text(header, 0, 100);
        if (missing.remove(name)) {
          if (size > MAX_MEMBER_BYTES) {
            throw FormatException.at(
                archive.toString(), offset, name + " has " + size + " bytes: 1 GB is the limit");
          }
          save(in, size, folder.resolve(name.substring(name.lastIndexOf('/') + 1)));
        } else {
          in.skipNBytes(size);
        }
        long padding = (BLOCK - size % BLOCK) % BLOCK;
        in.skipNBytes(padding);
        offset += BLOCK + size + padding;
      }
    } catch (IOException e) {
      throw new FormatException(
          archive + ": cannot be unpacked to " + folder + ": " + e.getMessage(), e);
    }
    if (!missing.isEmpty()) {
      throw FormatException.at(
          archive.toString(), offset, "the archive ends without " + String.join(", ", missing));
    }
  }

  private static void save(InputStream in, long size, Path target) throws IOException {
    if (Files.exists(target) && Files.size(target) == size) {
      in.skipNBytes(size);
      return;
    }
    Path part = target.resolveSibling(target.getFileName() + ".part");
    try (FileChannel out =
        FileChannel.open(
            part,
            StandardOpenOption.CREATE,
            StandardOpenOption.TRUNCATE_EXISTING,
            StandardOpenOption.WRITE)) {
      byte[] buffer = new byte[1 << 16];
      for (long left = size; left > 0; ) {
        int n = in.readNBytes(buffer, 0, (int) Math.min(buffer.length, left));
        if (n == 0) {
          throw new IOException("it ends within " + target.getFileName());
        }
        ByteBuffer bytes = ByteBuffer.wrap(buffer, 0, n);
        while (bytes.hasRemaining()) {
          out.write(bytes);
        }
        left -= n;
      }
      out.force(true);
    }
    Files.move(part, target, StandardCopyOption.ATOMIC_MOVE);
  }

  /// The sum of all header bytes, its own field counted as spaces.
  private static void requireChecksum(Path archive, long offset, byte[] header) {
    int sum = 0;
    for (int k = 0; k < BLOCK; k++) {
      sum += k >= 148 && k < 156 ? ' ' : header[k] & 0xFF;
    }
    if (sum != octal(archive, offset, header, 148, 8)) {
      throw FormatException.at(
          archive.toString(), offset, "no tar header here: its checksum is wrong");
    }
  }

  private static long octal(Path archive, long offset, byte[] header, int from, int length) {
    String digits = text(header, from, length).strip();
    if (!digits.matches("[0-7]{1,11}")) {
      throw FormatException.at(
          archive.toString(), offset + from, "an octal number must be here in the tar header");
    }
    return Long.parseLong(digits, 8);
  }

  private static String text(byte[] header, int from, int length) {
    int end = from;
    while (end < from + length && header[end] != 0) {
      end++;
    }
    return new String(header, from, end - from, StandardCharsets.ISO_8859_1);
  }
}
