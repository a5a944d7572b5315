package unfold.zoo;

import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.TreeMap;
import unfold.error.InputException;
import unfold.model.Model;
import unfold.model.Variant;

/// All networks by name.
public final class Zoo {
  private Zoo() {}

  /// The network as published.
  ///
  /// @throws InputException with the nearest names if there is none of this name
  public static Model find(String name) {
    return variant(name).model();
  }

  /// The network with some options changed, given as words: `Map.of("classes", "100")`.
  public static Model find(String name, Map<String, String> options) {
    return variant(name).model(options);
  }

  /// All networks, by name.
  public static List<Variant> list() {
    return List.copyOf(all().values());
  }

  public static Variant variant(String name) {
    var all = all();
    Variant found = all.get(name);
    if (found == null) {
      throw new InputException(
          "there is no model '" + name + "'; did you mean " + nearest(name, all.keySet()) + "?");
    }
    return found;
  }

  private static TreeMap<String, Variant> all() {
    var all = new TreeMap<String, Variant>();
    for (Family family : ServiceLoader.load(Family.class)) {
      for (Variant v : family.variants()) {
        if (all.put(v.name(), v) != null) {
          throw new InputException("two models are named " + v.name());
        }
      }
    }
    return all;
  }

  private static String nearest(String name, Collection<String> names) {
    return names.stream()
        .sorted(
            Comparator.comparingInt((String n) -> distance(name, n) - 3 * shared(name, n))
                .thenComparing(n -> n))
        .limit(3)
        .reduce((a, b) -> a + ", " + b)
        .orElse("(none: unfold-zoo is not on the class path)");
  }

  /// Letters that two words begin with.
  private static int shared(String a, String b) {
    int n = 0;
    while (n < Math.min(a.length(), b.length()) && a.charAt(n) == b.charAt(n)) {
      n++;
    }
    return n;
  }

  /// Insertions, deletions and changes that make one word of the other (Levenshtein).
  private static int distance(String a, String b) {
    int[] row = new int[b.length() + 1];
    for (int j = 0; j <= b.length(); j++) {
      row[j] = j;
    }
    for (int i = 1; i <= a.length(); i++) {
      int diagonal = row[0];
      row[0] = i;
      for (int j = 1; j <= b.length(); j++) {
        int change = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
        diagonal = row[j];
        row[j] = Math.min(change, 1 + Math.min(row[j], row[j - 1]));
      }
    }
    return row[b.length()];
  }
}
