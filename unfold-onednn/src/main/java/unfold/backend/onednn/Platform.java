package unfold.backend.onednn;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// An operating system and processor for which the carrier jar exists.
///
/// @param name as in the jar's classifier: `linux-x86_64`
/// @param companions libraries that libdnnl needs and its jar brings, to be loaded first
/// @param library libdnnl's file name
record Platform(String name, List<String> companions, String library) {
  Platform {
    companions = List.copyOf(companions);
  }

  /// The platform with these system properties (`os.name`, `os.arch`), if oneDNN exists for it.
  static Optional<Platform> of(String osName, String osArch) {
    String os = osName.toLowerCase(Locale.ROOT);
    boolean arm = osArch.equals("aarch64");
    boolean intel = osArch.equals("amd64") || osArch.equals("x86_64");
    if (!arm && !intel) {
      return Optional.empty();
    }
    String cpu = arm ? "arm64" : "x86_64";
    if (os.equals("linux")) {
      return Optional.of(new Platform("linux-" + cpu, List.of("libgomp.so.1"), "libdnnl.so.3"));
    }
    if (os.startsWith("mac")) {
      return Optional.of(new Platform("macosx-" + cpu, List.of("libomp.dylib"), "libdnnl.3.dylib"));
    }
    if (os.startsWith("windows") && intel) {
      return Optional.of(new Platform("windows-" + cpu, List.of(), "dnnl.dll"));
    }
    return Optional.empty();
  }

  /// All files, in the order in which to load them.
  List<String> files() {
    var files = new ArrayList<>(companions);
    files.add(library);
    return files;
  }

  /// Whether GNU's OpenMP runs the library's threads.
  boolean gnu() {
    return name.startsWith("linux-");
  }

  /// Where a file lies inside the jar.
  String resource(String file) {
    return "org/bytedeco/dnnl/" + name + "/" + file;
  }
}
