package unfold.backend.onednn;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.zip.CRC32;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class UnpackedFileTest {
  private static final byte[] CONTENTS = "a library of sorts".repeat(10_000).getBytes(UTF_8);

  @TempDir Path folder;

  private final AtomicInteger unpacked = new AtomicInteger();

  private InputStream open() {
    unpacked.incrementAndGet();
    return new ByteArrayInputStream(CONTENTS);
  }

  private UnpackedFile file() {
    var sum = new CRC32();
    sum.update(CONTENTS);
    return new UnpackedFile(folder.resolve("x/lib.so"), CONTENTS.length, sum.getValue());
  }

  @Test
  void unpacksOnceAndNeverAgain() throws IOException {
    file().provide(this::open);
    file().provide(this::open);
    assertThat(file().path()).hasBinaryContent(CONTENTS);
    assertThat(unpacked).hasValue(1);
  }

  @Test
  void replacesATruncatedFile() throws IOException {
    file().provide(this::open);
    Files.write(file().path(), new byte[100]);
    file().provide(this::open);
    assertThat(file().path()).hasBinaryContent(CONTENTS);
  }

  @Test
  void replacesAFileInWhichOneBitChanged() throws IOException {
    file().provide(this::open);
    byte[] damaged = CONTENTS.clone();
    damaged[77_777] ^= 1;
    Files.write(file().path(), damaged);
    file().provide(this::open);
    assertThat(file().path()).hasBinaryContent(CONTENTS);
    assertThat(unpacked).hasValue(2);
  }

  @Test
  void keepsACopyWithoutSealThatIsRight() throws IOException {
    Files.createDirectories(folder.resolve("x"));
    Files.write(file().path(), CONTENTS);
    file().provide(this::open);
    assertThat(unpacked).hasValue(0);
  }

  @Test
  void leavesNothingBehindIfReadingFails() throws IOException {
    assertThatThrownBy(() ->
            file()
                .provide(() -> {
                  throw new IOException("no more paper");
                }))
        .hasMessage("no more paper");
    try (var files = Files.list(folder.resolve("x"))) {
      assertThat(files).isEmpty();
    }
  }

  @Test
  void manyAtOnceAllFindTheRightFile() throws Exception {
    try (var pool = Executors.newFixedThreadPool(8)) {
      var tasks =
          IntStream.range(0, 32)
              .mapToObj(_ ->
                  (Callable<byte[]>)
                      () -> {
                        file().provide(this::open);
                        return Files.readAllBytes(file().path());
                      })
              .toList();
      for (var result : pool.invokeAll(tasks)) {
        assertThat(result.get()).isEqualTo(CONTENTS);
      }
    }
    try (var files = Files.list(folder.resolve("x"))) {
      assertThat(files).hasSize(1);
    }
  }
}
