package unfold.graph;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import unfold.error.InputException;
import unfold.error.Nearest;

/// The layers of a program by their paths, which are the scopes of its nodes and what these lie in:
/// a node of `layer1.0.conv1` belongs to the layers `layer1.0.conv1`, `layer1.0` and `layer1`.
public final class Layers {
  private static final int SHOWN = 24;

  private Layers() {}

  /// What a layer gives: the output of the last of its nodes before another layer begins. (Its
  /// gradient stands later, at the same scope.)
  ///
  /// @param path of a layer, or the name of a value such as `%7`
  public static Optional<Value> output(Graph graph, String path) {
    if (path.startsWith("%")) {
      return value(graph, path);
    }
    Optional<Value> last = Optional.empty();
    for (Node n : graph.nodes()) {
      if (n.scope().equals(path) || n.scope().startsWith(path + ".")) {
        last = Optional.of(n.output());
      } else if (last.isPresent()) {
        break;
      }
    }
    return last;
  }

  private static Optional<Value> value(Graph graph, String name) {
    return graph.nodes().stream()
        .flatMap(n -> n.outputs().stream())
        .filter(v -> v.toString().equals(name))
        .findFirst();
  }

  /// As [#output].
  ///
  /// @throws InputException with the nearest names and the layers there are, if there is no such
  ///   layer
  public static Value require(Graph graph, String path) {
    return output(graph, path).orElseThrow(() -> unknown(graph, path));
  }

  /// All paths, in the order of the program, each before what lies in it.
  public static List<String> paths(Graph graph) {
    var paths = new LinkedHashSet<String>();
    for (Node n : graph.nodes()) {
      String scope = n.scope();
      for (int dot = scope.indexOf('.'); dot >= 0; dot = scope.indexOf('.', dot + 1)) {
        paths.add(scope.substring(0, dot));
      }
      if (!scope.isEmpty()) {
        paths.add(scope);
      }
    }
    return List.copyOf(paths);
  }

  private static InputException unknown(Graph graph, String path) {
    List<String> all = paths(graph);
    return new InputException(
        graph.name()
            + " has no layer '"
            + path
            + "'; did you mean "
            + Nearest.to(path, all, 3)
            + "? Its "
            + all.size()
            + " layers are "
            + String.join(", ", all.subList(0, Math.min(SHOWN, all.size())))
            + (all.size() > SHOWN ? ", … (`unfold summary` lists them)" : ""));
  }
}
