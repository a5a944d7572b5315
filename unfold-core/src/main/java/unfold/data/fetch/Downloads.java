package unfold.data.fetch;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import unfold.error.InputException;

/// Fetches public data sets into a folder.
///
/// A file comes as `NAME.part`, is checked against its sha256, forced to disk and then renamed:
/// under its own name it is whole and right or not there. A download that was cut goes on where it
/// stopped. Files that are there and right are not fetched again; one that is there but different
/// is left alone, and that is said.
public final class Downloads {
  private final Http http;
  private final Progress progress;

  public Downloads(Progress progress) {
    this.progress = progress;
    this.http = new Http();
  }

  /// Fetches what is missing of a set into `folder` (made if need be) and returns the folder.
  public Path get(RemoteSet set, Path folder) {
    try {
      Files.createDirectories(folder);
    } catch (IOException e) {
      throw new InputException(folder + ": cannot be made: " + e.getMessage(), e);
    }
    for (RemoteFile file : set.files()) {
      get(set, file, folder);
    }
    if (!set.members().isEmpty()) {
      Tar.unpack(folder.resolve(set.files().getFirst().name()), set.members(), folder);
    }
    return folder;
  }

  private void get(RemoteSet set, RemoteFile file, Path folder) {
    Path target = folder.resolve(file.name());
    if (Files.exists(target)) {
      String found = Sha256.of(target);
      if (!found.startsWith(file.sha256())) {
        throw new InputException(
            target
                + ": is there, but has sha256 "
                + found
                + " instead of "
                + file.sha256()
                + "; move it away to fetch it again");
      }
      progress.at(file.name(), size(target), size(target));
      return;
    }
    Path part = folder.resolve(file.name() + ".part");
    try {
      String found = complete(set, file, folder, part);
      if (!found.startsWith(file.sha256())) {
        Files.delete(part);
        throw new InputException(
            set.name()
                + ": "
                + file.name()
                + " came with sha256 "
                + found
                + " instead of "
                + file.sha256()
                + ": it was changed or damaged on the way and is not kept");
      }
      Files.move(part, target, StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      throw new InputException(part + ": cannot be written: " + e.getMessage(), e);
    }
  }

  private static long size(Path file) {
    try {
      return Files.size(file);
    } catch (IOException e) {
      throw InputException.unreadable(file, e);
    }
  }

  /// Fetches what the part lacks, forces it to disk and returns its checksum.
  private String complete(RemoteSet set, RemoteFile file, Path folder, Path part)
      throws IOException {
    try (FileChannel out =
            FileChannel.open(part, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        FileLock _ = lock(out, part)) {
      requireSpace(folder, file, out.size());
      http.fetch(set, file, out, progress);
      out.force(true);
    }
    return Sha256.of(part);
  }

  private static FileLock lock(FileChannel out, Path part) throws IOException {
    try {
      FileLock lock = out.tryLock();
      if (lock != null) {
        return lock;
      }
    } catch (OverlappingFileLockException _) {
      // Held by this same process: said below.
    }
    throw new InputException(part + ": another download is writing this file");
  }

  private static void requireSpace(Path folder, RemoteFile file, long there) throws IOException {
    long free = Files.getFileStore(folder).getUsableSpace();
    long needed = file.bytes() - there;
    if (needed > free) {
      throw new InputException(
          folder
              + ": "
              + file.name()
              + " needs "
              + needed
              + " bytes more, but the disk has only "
              + free
              + " left");
    }
  }
}
