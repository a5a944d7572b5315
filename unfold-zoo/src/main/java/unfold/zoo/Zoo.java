package unfold.zoo;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.TreeMap;
import unfold.error.InputException;
import unfold.error.Nearest;
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
    return find(name, options, List.of());
  }

  /// As [#find(String, Map)].
  ///
  /// @param others names that may have been meant if there is no network of this name
  public static Model find(String name, Map<String, String> options, List<String> others) {
    return variant(name, others).model(options);
  }

  /// All networks, by name.
  public static List<Variant> list() {
    return List.copyOf(all().values());
  }

  public static Variant variant(String name) {
    return variant(name, List.of());
  }

  private static Variant variant(String name, List<String> others) {
    var all = all();
    Variant found = all.get(name);
    if (found == null) {
      var known = new ArrayList<>(others);
      known.addAll(all.keySet());
      throw new InputException(
          "there is no model '" + name + "'; did you mean " + Nearest.to(name, known, 3) + "?");
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
}
