package unfold.backend.onednn;

import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.util.zip.CRC32;

/// A file out of a jar in the cache folder.
///
/// Loading a damaged library can kill the JVM, and reading 93 MB at each start would cost as much
/// as everything else, so a finished file is sealed: its modification time encodes its checksum,
/// and any later write breaks the seal. A file with the right size and seal is used; any other is
/// read and compared, and replaced if it differs. Writers use a file of their own and rename it, so
/// that nobody sees half a file.
///
/// @param size in bytes, as the jar says
/// @param crc CRC-32 of the contents, as the jar says
record UnpackedFile(Path path, long size, long crc) {

  /// Supplies the contents.
  interface Source {
    InputStream open() throws IOException;
  }

  /// Makes sure that the file is there and right.
  void provide(Source source) throws IOException {
    if (!sealed() && !repaired()) {
      unpack(source);
    }
  }

  private FileTime seal() {
    return FileTime.fromMillis((crc & 0x3fff_ffff) * 1000);
  }

  private boolean sealed() throws IOException {
    if (!Files.isRegularFile(path)) {
      return false;
    }
    var attributes = Files.readAttributes(path, BasicFileAttributes.class);
    return attributes.size() == size && attributes.lastModifiedTime().equals(seal());
  }

  /// Whether a file without a seal (say, a copied one) is right after all; then it gets its seal.
  private boolean repaired() throws IOException {
    if (!Files.isRegularFile(path) || Files.size(path) != size) {
      return false;
    }
    var sum = new CRC32();
    byte[] buffer = new byte[1 << 16];
    try (var in = Files.newInputStream(path)) {
      for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
        sum.update(buffer, 0, n);
      }
    }
    if (sum.getValue() != crc) {
      return false;
    }
    Files.setLastModifiedTime(path, seal());
    return true;
  }

  private void unpack(Source source) throws IOException {
    Path folder = path.toAbsolutePath().getParent();
    Files.createDirectories(folder);
    Path temporary = Files.createTempFile(folder, path.getFileName() + "-", ".part");
    try {
      try (var in = source.open();
          var out = FileChannel.open(temporary, StandardOpenOption.WRITE)) {
        in.transferTo(Channels.newOutputStream(out));
        out.force(true);
      }
      Files.setLastModifiedTime(temporary, seal());
      Files.move(
          temporary, path, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } finally {
      Files.deleteIfExists(temporary);
    }
  }
}
