package unfold.data;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.RandomAccessFile;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;
import unfold.error.FormatException;
import unfold.error.InputException;

/// A file of binary records, plain or gzipped (by its name), read from front to back. Every
/// complaint names the file and the byte offset (of the unpacked contents).
final class DataFile implements AutoCloseable {
  /// Deflate spends at least one bit on a match of 258 bytes, so unpacked ≤ 1032 · packed. RFC
  /// 1951, section 3.2.5.
  private static final long MAX_DEFLATE_RATIO = 1032;

  private final Path path;
  private final InputStream in;

  /// Whether the contents are gzipped, so that only an upper bound of their length is known.
  private final boolean packed;

  private final long maxBytes;
  private final byte[] buffer = new byte[1 << 14];
  private long offset;

  private DataFile(Path path, InputStream in, boolean packed, long maxBytes) {
    this.path = path;
    this.in = in;
    this.packed = packed;
    this.maxBytes = maxBytes;
  }

  static DataFile open(Path path) {
    boolean packed = path.toString().endsWith(".gz");
    try {
      long size = Files.size(path);
      InputStream raw = Files.newInputStream(path);
      if (!packed) {
        return new DataFile(path, raw, false, size);
      }
      try {
        var in = new GZIPInputStream(raw, 1 << 14);
        return new DataFile(path, in, true, Math.multiplyExact(size, MAX_DEFLATE_RATIO));
      } catch (IOException e) {
        raw.close();
        throw new FormatException(path + ": at byte 0: not a gzip file: " + e.getMessage(), e);
      }
    } catch (IOException e) {
      throw InputException.unreadable(path, e);
    }
  }

  /// The length of the contents as the file declares it: its own length, or what the trailer of a
  /// gzip file says (RFC 1952, section 2.3.1: ISIZE).
  long declaredBytes() {
    if (!packed) {
      return maxBytes;
    }
    try (RandomAccessFile file = new RandomAccessFile(path.toFile(), "r")) {
      file.seek(Math.max(0, file.length() - 4));
      long declared = Integer.reverseBytes(file.readInt()) & 0xFFFFFFFFL;
      require(declared, "the unpacked contents");
      return declared;
    } catch (IOException e) {
      throw InputException.unreadable(path, e);
    }
  }

  /// The most bytes that can still come: exact for a plain file, a bound for a gzipped one.
  long remaining() {
    return maxBytes - offset;
  }

  /// Refuses a declared length that the file cannot hold, before anything is allocated for it.
  void require(long bytes, String what) {
    if (bytes > remaining()) {
      throw problem(
          what
              + " need "
              + bytes
              + " bytes, but the file "
              + (packed ? "can hold at most " : "has ")
              + remaining()
              + " more: it is truncated or its header is wrong");
    }
  }

  int readInt() {
    fill(4);
    offset += 4;
    return (buffer[0] & 0xFF) << 24
        | (buffer[1] & 0xFF) << 16
        | (buffer[2] & 0xFF) << 8
        | (buffer[3] & 0xFF);
  }

  /// Reads until `to` is full.
  void read(MemorySegment to) {
    long done = 0;
    while (done < to.byteSize()) {
      int n = (int) Math.min(buffer.length, to.byteSize() - done);
      fill(n);
      MemorySegment.copy(buffer, 0, to, ValueLayout.JAVA_BYTE, done, n);
      done += n;
      offset += n;
    }
  }

  /// Refuses a file that goes on; for a gzipped one this also checks its checksum.
  void requireEnd() {
    if (tryRead() >= 0) {
      throw problem("the file goes on after the last record that its header declares");
    }
  }

  FormatException problem(String text) {
    return FormatException.at(path.toString(), offset, text);
  }

  private int tryRead() {
    try {
      return in.read();
    } catch (IOException e) {
      throw failed(e);
    }
  }

  private void fill(int n) {
    try {
      int got = in.readNBytes(buffer, 0, n);
      if (got < n) {
        offset += got;
        throw problem("the file ends here, " + (n - got) + " bytes or more too early");
      }
    } catch (IOException e) {
      throw failed(e);
    }
  }

  private RuntimeException failed(IOException e) {
    return switch (e) {
      case ZipException z ->
          new FormatException(problem("corrupt gzip data: ").getMessage() + z.getMessage(), z);
      case EOFException z ->
          new FormatException(problem("the gzip data is truncated").getMessage(), z);
      default -> InputException.unreadable(path, e);
    };
  }

  @Override
  public void close() {
    try {
      in.close();
    } catch (IOException e) {
      throw new InputException(path + ": cannot be closed: " + e.getMessage(), e);
    }
  }
}
