package unfold.backend.onednn;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.SymbolLookup;
import java.net.JarURLConnection;
import java.net.URI;
import java.net.URL;
import java.nio.file.AccessDeniedException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import unfold.error.GraphException;

/// libdnnl, found in the jar that carries it, unpacked once to the cache folder, and loaded; or why
/// not. Libraries stay loaded until the process ends.
sealed interface NativeLibrary {

  /// The first version whose functions and constants we know (major·100 + minor); later ones of the
  /// same major keep them.
  int VERSION = 313;

  /// @param lookup finds functions of libdnnl and, except on Windows, of what it depends on
  record Loaded(Dnnl dnnl, SymbolLookup lookup, Platform platform) implements NativeLibrary {}

  /// @param reason why the library is not there, and what to do
  record Missing(String reason) implements NativeLibrary {}

  /// Loads the library for the machine we run on.
  ///
  /// @param cache where to unpack it
  static NativeLibrary load(ClassLoader classes, Path cache) {
    String os = System.getProperty("os.name", "");
    String arch = System.getProperty("os.arch", "");
    var platform = Platform.of(os, arch);
    return platform.isPresent()
        ? load(platform.get(), classes, cache)
        : new Missing(
            "there is no oneDNN for "
                + os
                + " on "
                + arch
                + ", only for Linux and macOS on x86-64 and ARM64 and for Windows on x86-64");
  }

  static NativeLibrary load(Platform platform, ClassLoader classes, Path cache) {
    var found = new ArrayList<Path>();
    try {
      for (String file : platform.files()) {
        URL url = classes.getResource(platform.resource(file));
        if (url == null) {
          return new Missing(
              "oneDNN's library for this machine is not on the class path: add the Maven artifact"
                  + " org.bytedeco:dnnl:3.13-1.5.14 with the classifier "
                  + platform.name());
        }
        found.add(onDisk(url, platform, file, cache));
      }
    } catch (IOException e) {
      return new Missing(
          "cannot unpack oneDNN's library to "
              + cache
              + " ("
              + cause(e)
              + "): set "
              + "UNFOLD_CACHE_DIR to a folder that may be written and has 100 MB free");
    }
    return open(platform, found);
  }

  private static String cause(IOException e) {
    return e instanceof AccessDeniedException
        ? "no permission to write " + e.getMessage()
        : e.getMessage() == null ? e.toString() : e.getMessage();
  }

  /// A file of the class path as a file on disk: unpacked if it is inside a jar. All files of a jar
  /// share a folder, because libdnnl looks for its companions beside itself.
  private static Path onDisk(URL url, Platform platform, String file, Path cache)
      throws IOException {
    if (url.getProtocol().equals("file")) {
      return Path.of(URI.create(url.toString()));
    }
    if (!(url.openConnection() instanceof JarURLConnection inJar)) {
      throw new IOException("cannot read " + url);
    }
    var jar = inJar.getJarFile();
    var library = jar.getEntry(platform.resource(platform.library()));
    if (library == null) {
      throw new IOException(jar.getName() + " has no " + platform.library());
    }
    String name = String.valueOf(Path.of(jar.getName()).getFileName()).replaceFirst("\\.jar$", "");
    String contents = library.getSize() + "-" + Long.toHexString(library.getCrc());
    Path path = cache.resolve("native").resolve(name + "-" + contents).resolve(file);
    var entry = inJar.getJarEntry();
    new UnpackedFile(path, entry.getSize(), entry.getCrc()).provide(inJar::getInputStream);
    return path;
  }

  private static NativeLibrary open(Platform platform, List<Path> files) {
    Path last = files.getLast();
    ShortWaits.set();
    try {
      Optional<SymbolLookup> lookup = Optional.empty();
      for (Path file : files) {
        last = file;
        lookup = Optional.of(SymbolLookup.libraryLookup(file, Arena.global()));
      }
      var dnnl = new Dnnl(lookup.orElseThrow());
      int version = dnnl.version();
      return version >= VERSION && version / 100 == VERSION / 100
          ? new Loaded(dnnl, lookup.orElseThrow(), platform)
          : new Missing(
              last
                  + " is oneDNN "
                  + version / 100
                  + "."
                  + version % 100
                  + ", but 3.13 or a later"
                  + " 3.x is needed: put org.bytedeco:dnnl:3.13-1.5.14 on the class path");
    } catch (IllegalArgumentException e) {
      return new Missing("cannot load " + last + ": " + loaderMessage(last, e.getMessage()));
    } catch (GraphException e) {
      return new Missing("oneDNN of " + last + " does not work: " + e.getMessage());
    }
  }

  /// What the operating system says; a lookup hides it.
  private static String loaderMessage(Path file, String otherwise) {
    try {
      System.load(file.toString());
      return otherwise;
    } catch (UnsatisfiedLinkError e) {
      return e.getMessage();
    }
  }
}
