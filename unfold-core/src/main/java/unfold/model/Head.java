package unfold.model;

import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import unfold.tensor.TensorType;
import unfold.trace.Declaration;

/// The head of a network: the layers that depend on the number of classes, and so start anew when a
/// network learns another task.
public final class Head {
  private Head() {}

  /// The layers whose parameters are not of one type in these two, which should be one network for
  /// two numbers of classes.
  public static List<String> between(Model model, Model other) {
    var types = new HashMap<String, TensorType>();
    other.inference(1).states().forEach(d -> types.put(d.name(), d.type()));
    var head = new LinkedHashSet<String>();
    for (Declaration d : model.inference(1).states()) {
      if (!d.type().equals(types.get(d.name()))) {
        head.add(Paths.parent(d.name()));
      }
    }
    return List.copyOf(head);
  }
}
