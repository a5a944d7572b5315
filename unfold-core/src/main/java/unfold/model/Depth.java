package unfold.model;

import java.util.List;
import java.util.stream.IntStream;
import unfold.tensor.Shape;

/// A place in a network that everything passes through: all that the layers above know of the
/// picture is one value there. Such a place stands behind each layer of a chain, and behind each
/// block of a network of blocks.
///
/// @param name what learns here: `conv1`, `layer1.0`, `features.3`
/// @param layer the layer whose output that value is, which may be an activation or a pooling
///   behind what learns
/// @param output the value for one picture, C×H×W or D
/// @param parts paths of the layers that learn here, as [unfold.trace.Freeze] takes them
/// @param parameters numbers that learn here
public record Depth(String name, String layer, Shape output, List<String> parts, long parameters) {
  public Depth {
    parts = List.copyOf(parts);
  }

  /// The depths of a network, from the picture to the answers.
  public static List<Depth> of(Model model) {
    return new DepthFinder(model.inference(1)).find();
  }

  /// Whether the value has places, more than one.
  public boolean map() {
    return output.rank() == 3 && output.dim(1) * output.dim(2) > 1;
  }

  /// So many of these at most, spread evenly, the first and the last among them.
  public static List<Depth> spread(List<Depth> depths, int count) {
    int n = Math.min(count, depths.size());
    return IntStream.range(0, n)
        .mapToObj(k -> depths.get(n == 1 ? depths.size() - 1 : k * (depths.size() - 1) / (n - 1)))
        .toList();
  }
}
