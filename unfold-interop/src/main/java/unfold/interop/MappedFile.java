package unfold.interop;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import unfold.error.InputException;

/// A file as memory that can only be read: nothing is copied, and what is not looked at costs
/// nothing.
public final class MappedFile {
  private MappedFile() {}

  /// @throws InputException if the file cannot be read at all
  public static MemorySegment of(Path path) {
    try (var channel = FileChannel.open(path, StandardOpenOption.READ)) {
      return channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size(), Arena.ofAuto());
    } catch (IOException e) {
      if (Files.isDirectory(path)) {
        throw new InputException(path + ": cannot be read: is a folder", e);
      }
      throw InputException.unreadable(path, e);
    }
  }
}
