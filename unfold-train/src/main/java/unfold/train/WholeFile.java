package unfold.train;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import unfold.error.InputException;

/// Files that are whole or absent: written to a sibling `NAME.part`, forced to the disk, renamed. A
/// process that is killed leaves at worst such a sibling.
public final class WholeFile {
  private WholeFile() {}

  static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw InputException.unreadable(file, e);
    }
  }

  static void write(Path file, String text) {
    write(file, text.getBytes(StandardCharsets.UTF_8));
  }

  /// @throws InputException if the disk is full or the folder cannot be written; an older file of
  ///   this name is then as it was
  public static void write(Path file, byte[] bytes) {
    Path part = file.resolveSibling(file.getFileName() + ".part");
    try {
      try (var channel =
          FileChannel.open(
              part,
              StandardOpenOption.CREATE,
              StandardOpenOption.TRUNCATE_EXISTING,
              StandardOpenOption.WRITE)) {
        var buffer = ByteBuffer.wrap(bytes);
        while (buffer.hasRemaining()) {
          channel.write(buffer);
        }
        channel.force(true);
      }
      Files.move(part, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      discard(part);
      throw new InputException(
          file + ": could not be written (" + e.getMessage() + "); an older file is unharmed", e);
    }
  }

  /// Removes what a killed process left half written.
  static void sweep(Path folder) {
    try (var parts = Files.newDirectoryStream(folder, "*.part")) {
      parts.forEach(WholeFile::discard);
    } catch (IOException | DirectoryIteratorException e) {
      throw new InputException(folder + ": cannot be read: " + e.getMessage(), e);
    }
  }

  private static void discard(Path part) {
    try {
      Files.deleteIfExists(part);
    } catch (IOException _) {
      // The next write replaces it, or complains with the reason.
    }
  }
}
