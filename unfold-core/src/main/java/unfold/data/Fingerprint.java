package unfold.data;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.List;
import java.util.function.Supplier;
import unfold.data.fetch.Sha256;
import unfold.error.InputException;

/// The digest of a set's files, computed when first asked for and kept: over each file's name below
/// `root`, its length and its contents.
final class Fingerprint implements Supplier<String> {
  private final Path root;
  private final List<Path> files;
  private volatile String digest = "";

  private Fingerprint(Path root, List<Path> files) {
    this.root = root;
    this.files = files;
  }

  static Supplier<String> ofFiles(Path root, List<Path> files) {
    return new Fingerprint(
        root.toAbsolutePath(), files.stream().map(Path::toAbsolutePath).toList());
  }

  @Override
  public String get() {
    if (digest.isEmpty()) {
      MessageDigest sum = Sha256.digest();
      for (Path file : files) {
        String name = root.relativize(file).toString().replace('\\', '/');
        sum.update((name + "\n" + size(file) + "\n").getBytes(StandardCharsets.UTF_8));
        Sha256.add(sum, file);
      }
      digest = "sha256:" + Sha256.text(sum);
    }
    return digest;
  }

  private static long size(Path file) {
    try {
      return Files.size(file);
    } catch (IOException e) {
      throw InputException.unreadable(file, e);
    }
  }
}
