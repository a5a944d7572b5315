package unfold.backend.onednn;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/// What keeps the library from being there is said with its remedy; nothing is thrown.
final class NativeLibraryTest {
  @TempDir Path folder;

  private final Platform here =
      Platform.of(System.getProperty("os.name"), System.getProperty("os.arch")).orElseThrow();

  @Test
  void saysWhichArtifactIsMissing() throws IOException {
    try (var nothing = new URLClassLoader(new URL[0], null)) {
      assertThat(NativeLibrary.load(here, nothing, folder))
          .isEqualTo(
              new NativeLibrary.Missing(
                  "oneDNN's library for this machine is not on the class path: add the Maven"
                      + " artifact org.bytedeco:dnnl:3.13-1.5.14 with the classifier "
                      + here.name()));
    }
  }

  @Test
  void saysThatTheCacheCannotBeWritten() throws IOException {
    Path file = Files.writeString(folder.resolve("file"), "no folder");
    assertThat(reason(NativeLibrary.load(here, getClass().getClassLoader(), file)))
        .startsWith("cannot unpack oneDNN's library to " + file)
        .endsWith("set UNFOLD_CACHE_DIR to a folder that may be written and has 100 MB free");
  }

  @Test
  @EnabledOnOs(OS.LINUX)
  void saysWhatTheSystemSaysOfABrokenLibrary() throws IOException {
    try (var classes = jar("not a library".getBytes(UTF_8))) {
      assertThat(reason(NativeLibrary.load(here, classes, folder)))
          .startsWith("cannot load ")
          .contains("file too short");
    }
  }

  @Test
  @EnabledOnOs(OS.LINUX)
  void saysThatALibraryIsNotOneDnn() throws IOException {
    String gomp = here.resource(here.companions().getFirst());
    try (var in = getClass().getClassLoader().getResourceAsStream(gomp)) {
      assertThat(in).isNotNull();
      try (var classes = jar(in.readAllBytes())) {
        assertThat(reason(NativeLibrary.load(here, classes, folder)))
            .contains("does not work: oneDNN: the library has no function dnnl_primitive_execute");
      }
    }
  }

  @Test
  void knowsWhereOneDnnExists() {
    assertThat(Platform.of("Linux", "amd64")).map(Platform::name).contains("linux-x86_64");
    assertThat(Platform.of("Linux", "aarch64")).map(Platform::name).contains("linux-arm64");
    assertThat(Platform.of("Mac OS X", "aarch64")).map(Platform::name).contains("macosx-arm64");
    assertThat(Platform.of("Windows 11", "amd64")).map(Platform::name).contains("windows-x86_64");
    assertThat(Platform.of("Windows 11", "aarch64")).isEmpty();
    assertThat(Platform.of("Linux", "riscv64")).isEmpty();
  }

  private static String reason(NativeLibrary library) {
    return switch (library) {
      case NativeLibrary.Missing(String reason) -> reason;
      case NativeLibrary.Loaded l -> throw new AssertionError("loaded " + l);
    };
  }

  /// A class path whose carrier jar has these bytes for every library.
  private URLClassLoader jar(byte[] library) throws IOException {
    Path jar = folder.resolve("carrier.jar");
    try (var zip = new ZipOutputStream(Files.newOutputStream(jar))) {
      for (String file : here.files()) {
        zip.putNextEntry(new ZipEntry(here.resource(file)));
        zip.write(library);
        zip.closeEntry();
      }
    }
    return new URLClassLoader(new URL[] {jar.toUri().toURL()}, null);
  }
}
