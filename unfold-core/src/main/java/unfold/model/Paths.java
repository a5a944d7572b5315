package unfold.model;

import java.util.Arrays;
import java.util.List;

/// Paths of layers: names joined by dots.
final class Paths {
  private Paths() {}

  /// What a layer or parameter lies in: `layer1.0` of `layer1.0.conv1`; empty at the top.
  static String parent(String path) {
    int dot = path.lastIndexOf('.');
    return dot < 0 ? "" : path.substring(0, dot);
  }

  /// The longest path that all these lie in.
  static String common(List<String> paths) {
    List<String> shared = names(paths.getFirst());
    for (String path : paths) {
      List<String> other = names(path);
      int k = 0;
      while (k < Math.min(shared.size(), other.size()) && shared.get(k).equals(other.get(k))) {
        k++;
      }
      shared = shared.subList(0, k);
    }
    return String.join(".", shared);
  }

  private static List<String> names(String path) {
    return path.isEmpty() ? List.of() : Arrays.asList(path.split("\\."));
  }
}
