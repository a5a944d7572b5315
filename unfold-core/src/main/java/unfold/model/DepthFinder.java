package unfold.model;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import unfold.graph.Graph;
import unfold.graph.Layers;
import unfold.graph.Node;
import unfold.graph.Value;
import unfold.tensor.Shape;
import unfold.trace.Declaration;
import unfold.trace.Traced;

/// Finds the places that everything passes through, in one walk over an inference.
///
/// A value made of the picture is *open* from where it is made to its last reader. Behind a node
/// where only one value is open, that value is all there is: a segment of the program ends there.
///
/// A segment whose nodes lie in different layers is a block, and then its siblings are blocks too,
/// also those that are mere chains (a stage's first block without a shortcut): what lies in one
/// block is one depth. A segment with a weight begins a depth; those without (normalisation,
/// activation, pooling) go along with the depth before, but not what makes a map flat or one pixel.
final class DepthFinder {
  private final Graph graph;
  private final Map<Value, Declaration> parameters = new HashMap<>();
  private final Map<Value, Integer> lastReader = new HashMap<>();
  private final Set<String> parentsOfBlocks = new HashSet<>();
  private final List<Depth> depths = new ArrayList<>();
  private Optional<Growing> growing = Optional.empty();

  /// Nodes between two places, with the value at their end, the path they share and what they read.
  private record Segment(List<Node> nodes, Value end, String path, Set<Declaration> read) {
    boolean weighs() {
      return read.stream().anyMatch(Declaration::decays);
    }

    boolean block() {
      return !path.isEmpty() && nodes.stream().anyMatch(n -> !n.scope().equals(path));
    }
  }

  /// A depth that more segments may join.
  private record Growing(
      String name, String layer, Value output, Set<String> parts, long parameters) {

    Depth finished() {
      Shape s = output.type().shape();
      Shape item = Shape.of(s.toList().subList(1, s.rank()).stream().mapToInt(i -> i).toArray());
      return new Depth(name, layer, item, List.copyOf(parts), parameters);
    }
  }

  DepthFinder(Traced inference) {
    this.graph = inference.graph();
    for (Graph.Input state : graph.states()) {
      inference
          .state(state.name())
          .filter(Declaration::parameter)
          .ifPresent(d -> parameters.put(state.value(), d));
    }
    for (int i = 0; i < graph.nodes().size(); i++) {
      for (Value v : graph.nodes().get(i).inputs()) {
        lastReader.put(v, i);
      }
    }
    graph.results().forEach(r -> lastReader.put(r.value(), Integer.MAX_VALUE));
  }

  List<Depth> find() {
    List<Segment> segments = segments();
    segments.stream()
        .filter(s -> s.weighs() && s.block())
        .forEach(s -> parentsOfBlocks.add(Paths.parent(s.path)));
    segments.forEach(this::add);
    growing.ifPresent(g -> depths.add(g.finished()));
    return List.copyOf(depths);
  }

  private List<Segment> segments() {
    var segments = new ArrayList<Segment>();
    var ofPicture = new HashSet<Value>();
    var open = new HashSet<Value>();
    graph.feeds().forEach(f -> ofPicture.add(f.value()));
    var nodes = new ArrayList<Node>();
    for (int i = 0; i < graph.nodes().size(); i++) {
      int at = i;
      Node node = graph.nodes().get(i);
      nodes.add(node);
      if (node.inputs().stream().anyMatch(ofPicture::contains)) {
        ofPicture.addAll(node.outputs());
        open.addAll(node.outputs());
      }
      open.removeIf(v -> lastReader.getOrDefault(v, -1) <= at);
      if (open.size() == 1 && open.contains(node.output())) {
        segments.add(segment(List.copyOf(nodes), node.output()));
        nodes.clear();
      }
    }
    return segments;
  }

  private Segment segment(List<Node> nodes, Value end) {
    var read = new LinkedHashSet<Declaration>();
    for (Node n : nodes) {
      n.inputs().stream().filter(parameters::containsKey).map(parameters::get).forEach(read::add);
    }
    return new Segment(nodes, end, Paths.common(nodes.stream().map(Node::scope).toList()), read);
  }

  private void add(Segment segment) {
    String unit = unit(segment);
    boolean same = growing.filter(g -> g.name.equals(unit)).isPresent();
    if (segment.weighs() && !same) {
      growing.ifPresent(g -> depths.add(g.finished()));
      growing = Optional.of(joined(unit, Set.of(), 0, segment));
      return;
    }
    growing =
        growing.map(g ->
            same || !narrows(g.output, segment)
                ? joined(g.name, g.parts, g.parameters, segment)
                : g);
  }

  /// The block that a segment lies in, or else its own path.
  private String unit(Segment segment) {
    String path = segment.path;
    if (path.isEmpty()) {
      return segment.read.stream()
          .findFirst()
          .map(d -> Paths.parent(d.name()))
          .orElse(segment.end.toString());
    }
    for (int dot = path.indexOf('.'); dot >= 0; dot = path.indexOf('.', dot + 1)) {
      if (parentsOfBlocks.contains(Paths.parent(path.substring(0, dot)))) {
        return path.substring(0, dot);
      }
    }
    return path;
  }

  private Growing joined(String name, Set<String> before, long counted, Segment segment) {
    var parts = new LinkedHashSet<>(before);
    for (Declaration d : segment.read) {
      parts.add(d.name().startsWith(name + ".") ? name : Paths.parent(d.name()));
    }
    long more = segment.read.stream().mapToLong(d -> d.type().shape().size()).sum();
    return new Growing(name, layer(name, segment), segment.end, parts, counted + more);
  }

  private String layer(String name, Segment segment) {
    for (String path : List.of(name, segment.path)) {
      if (!path.isEmpty() && Layers.output(graph, path).filter(segment.end::equals).isPresent()) {
        return path;
      }
    }
    return segment.end.toString();
  }

  /// Whether a segment without parameters makes one pixel or a row of numbers of a map.
  private static boolean narrows(Value before, Segment segment) {
    return segment.read.isEmpty() && map(before) && !map(segment.end);
  }

  private static boolean map(Value v) {
    Shape s = v.type().shape();
    return s.rank() == 4 && s.dim(2) * s.dim(3) > 1;
  }
}
