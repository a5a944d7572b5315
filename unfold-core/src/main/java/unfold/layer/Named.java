package unfold.layer;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import unfold.error.InputException;

/// A layer with the name that its parameters are found under.
public record Named(String name, Layer layer) {
  /// Names "0", "1", …
  static List<Named> numbered(Layer... layers) {
    var all = new ArrayList<Named>();
    for (Layer layer : layers) {
      all.add(new Named(Integer.toString(all.size()), layer));
    }
    return List.copyOf(all);
  }

  static List<Named> append(List<Named> children, String name, Layer layer) {
    var all = new ArrayList<>(children);
    all.add(new Named(name, layer));
    return all;
  }

  static List<Named> requireDistinct(List<Named> children) {
    var names = new HashSet<String>();
    for (Named child : children) {
      if (!names.add(child.name)) {
        throw new InputException("two layers side by side are named '" + child.name + "'");
      }
    }
    return List.copyOf(children);
  }
}
