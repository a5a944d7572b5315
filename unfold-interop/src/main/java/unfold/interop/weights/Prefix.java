package unfold.interop.weights;

import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// What the names in a file have in front of a network's own: `module.` from DataParallel,
/// `state_dict.` from a checkpoint, or both.
final class Prefix {
  /// Checkpoints often hold averaged weights too; plain ones come first.
  private static final List<String> PREFERRED =
      List.of(
          "",
          "module.",
          "state_dict.",
          "state_dict.module.",
          "model_state_dict.",
          "model_state.",
          "model.",
          "net.",
          "params.",
          "weights.");

  private Prefix() {}

  /// The prefix under which most of the needed names are found.
  static String of(Set<String> names, Set<String> needed) {
    Map<String, Integer> found = new HashMap<>();
    for (String name : names) {
      for (int at = 0; at >= 0; at = next(name, at)) {
        if (needed.contains(name.substring(at))) {
          found.merge(name.substring(0, at), 1, Integer::sum);
        }
      }
    }
    return found.entrySet().stream()
        .max(
            Comparator.comparingInt((Map.Entry<String, Integer> e) -> e.getValue())
                .thenComparingInt(e -> -rank(e.getKey()))
                .thenComparing(Map.Entry::getKey, Comparator.reverseOrder()))
        .map(Map.Entry::getKey)
        .orElse("");
  }

  /// Where the name goes on behind the next dot, or -1.
  private static int next(String name, int at) {
    int dot = name.indexOf('.', at);
    return dot < 0 ? -1 : dot + 1;
  }

  private static int rank(String prefix) {
    int rank = PREFERRED.indexOf(prefix);
    return rank < 0 ? PREFERRED.size() : rank;
  }
}
