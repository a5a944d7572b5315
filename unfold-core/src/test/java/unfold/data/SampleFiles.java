package unfold.data;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.GZIPOutputStream;

/// Small data files for tests, with known contents: pixel j of picture i is (7i + j) mod 256.
final class SampleFiles {
  static final int SIDE = 5;

  private SampleFiles() {}

  static byte[] idxPictures(int count) {
    ByteBuffer out = ByteBuffer.allocate(16 + count * SIDE * SIDE);
    out.putInt(0x803).putInt(count).putInt(SIDE).putInt(SIDE);
    for (int i = 0; i < count; i++) {
      for (int j = 0; j < SIDE * SIDE; j++) {
        out.put((byte) (7 * i + j));
      }
    }
    return out.array();
  }

  /// Label of picture i: i mod 10.
  static byte[] idxLabels(int count) {
    ByteBuffer out = ByteBuffer.allocate(8 + count);
    out.putInt(0x801).putInt(count);
    for (int i = 0; i < count; i++) {
      out.put((byte) (i % 10));
    }
    return out.array();
  }

  static byte[] gzip(byte[] bytes) {
    var out = new ByteArrayOutputStream();
    try (var gz = new GZIPOutputStream(out)) {
      gz.write(bytes);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return out.toByteArray();
  }

  static Path write(Path file, byte[] bytes) {
    try {
      Files.createDirectories(file.getParent());
      return Files.write(file, bytes);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// A folder as MNIST has it.
  static Path mnist(Path folder, int train, int test) {
    write(folder.resolve("train-images-idx3-ubyte.gz"), gzip(idxPictures(train)));
    write(folder.resolve("train-labels-idx1-ubyte.gz"), gzip(idxLabels(train)));
    if (test > 0) {
      write(folder.resolve("t10k-images-idx3-ubyte"), idxPictures(test));
      write(folder.resolve("t10k-labels-idx1-ubyte"), idxLabels(test));
    }
    return folder;
  }
}
