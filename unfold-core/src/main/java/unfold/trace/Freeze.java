package unfold.trace;

import java.util.List;
import java.util.stream.Stream;

/// Which parts of a network stay as they are. Prefixes are paths (`layer1`, `layer4.2.conv1`; the
/// empty one is the whole network); of several that fit, the longest decides.
///
/// A frozen scope behaves as in evaluation: its parameters are not trained, its batch norms use and
/// keep their running statistics, its dropout does nothing.
public record Freeze(List<String> frozen, List<String> learning) {
  public static final Freeze NOTHING = new Freeze(List.of(), List.of());

  public Freeze {
    frozen = List.copyOf(frozen);
    learning = List.copyOf(learning);
  }

  public static Freeze of(String... prefixes) {
    return new Freeze(List.of(prefixes), List.of());
  }

  /// Everything is frozen, except these.
  public static Freeze allBut(String... prefixes) {
    return new Freeze(List.of(""), List.of(prefixes));
  }

  public boolean covers(String path) {
    return longest(frozen, path) > longest(learning, path);
  }

  Stream<String> prefixes() {
    return Stream.concat(frozen.stream(), learning.stream());
  }

  static boolean fits(String prefix, String path) {
    return prefix.isEmpty() || path.equals(prefix) || path.startsWith(prefix + ".");
  }

  private static int longest(List<String> prefixes, String path) {
    return prefixes.stream().filter(p -> fits(p, path)).mapToInt(String::length).max().orElse(-1);
  }
}
