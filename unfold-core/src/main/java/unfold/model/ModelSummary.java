package unfold.model;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import unfold.graph.Graph;
import unfold.graph.Node;
import unfold.graph.Value;
import unfold.tensor.Shape;
import unfold.trace.Declaration;
import unfold.trace.Traced;

/// A network layer by layer: output volume, parameters, receptive field, operations, bytes, each
/// with the formula it comes from. For one picture in evaluation.
///
/// Operations count a multiply-add as two; see [Operations]. `toString` is a table.
public record ModelSummary(String name, Shape input, List<Row> rows) {

  /// One layer: neighbouring ops of one scope.
  ///
  /// @param path scope, empty for arithmetic of the whole network
  /// @param what its ops in words, `conv 5×5 s1 p2`
  /// @param output one item's shape, C×H×W
  /// @param height how the output's height comes about, `(28 − 5 + 2·2)/1 + 1 = 28`, or empty
  /// @param width the same for the width
  /// @param weights numbers that are trained, counted where they are used first
  /// @param formula how they are counted, `5·5·1·6 + 6 = 156`, or empty
  /// @param operations for one picture
  /// @param bytes of the output in f32
  public record Row(
      String path,
      String what,
      Shape output,
      String height,
      String width,
      long weights,
      String formula,
      ReceptiveField field,
      long operations,
      long bytes) {}

  public ModelSummary {
    rows = List.copyOf(rows);
  }

  public static ModelSummary of(Model model) {
    return of(model.name(), model.inference(1));
  }

  /// Of a program for evaluation whose first feed is a batch of one item.
  public static ModelSummary of(String name, Traced traced) {
    Graph graph = traced.graph();
    Value x = graph.feeds().getFirst().value();
    return new ModelSummary(name, item(x), new Walk(traced).rows());
  }

  /// Numbers that are trained.
  public long parameters() {
    return rows.stream().mapToLong(Row::weights).sum();
  }

  public long operations() {
    return rows.stream().mapToLong(Row::operations).sum();
  }

  /// Bytes of all outputs in f32: what training has to keep for one picture, about.
  public long bytes() {
    return rows.stream().mapToLong(Row::bytes).sum();
  }

  @Override
  public String toString() {
    return SummaryTable.print(this);
  }

  private static Shape item(Value v) {
    Shape s = v.type().shape();
    return s.rank() == 0 ? s : Shape.of(s.toList().subList(1, s.rank()));
  }

  /// One pass over the program, from input to output.
  private static final class Walk {
    private final Graph graph;
    private final Map<Integer, Declaration> weights = new HashMap<>();
    private final Map<Integer, ReceptiveField> fields = new HashMap<>();
    private final Set<String> counted = new HashSet<>();

    Walk(Traced traced) {
      this.graph = traced.graph();
      Map<String, Declaration> byName =
          traced.states().stream().collect(Collectors.toMap(Declaration::name, d -> d));
      for (var state : graph.states()) {
        Declaration d = byName.get(state.name());
        if (d != null && d.parameter()) {
          weights.put(state.value().id(), d);
        }
      }
      graph.feeds().forEach(f -> fields.put(f.value().id(), ReceptiveField.PIXEL));
    }

    List<Row> rows() {
      var rows = new ArrayList<Row>();
      var group = new ArrayList<Node>();
      for (Node node : graph.nodes()) {
        if (!group.isEmpty() && !group.getFirst().scope().equals(node.scope())) {
          rows.add(row(group));
          group.clear();
        }
        group.add(node);
      }
      if (!group.isEmpty()) {
        rows.add(row(group));
      }
      return rows;
    }

    private Row row(List<Node> group) {
      var shapes = new ArrayList<Shape>();
      long operations = 0;
      var height = "";
      var width = "";
      for (Node node : group) {
        for (Value v : node.inputs()) {
          Declaration d = weights.get(v.id());
          if (d != null && counted.add(d.name())) {
            shapes.add(d.type().shape());
          }
        }
        ReceptiveField seen = ReceptiveField.of(node, fields);
        node.outputs().forEach(v -> fields.put(v.id(), seen));
        operations += Operations.of(node);
        height = height.isEmpty() ? Formula.height(node) : height;
        width = width.isEmpty() ? Formula.width(node) : width;
      }
      Value y = group.getLast().output();
      long count = shapes.stream().mapToLong(Shape::size).sum();
      return new Row(
          group.getFirst().scope(),
          Formula.words(group),
          item(y),
          height,
          width,
          count,
          Formula.weights(shapes, count),
          fields.getOrDefault(y.id(), ReceptiveField.PIXEL),
          operations,
          y.type().shape().size() * Float.BYTES);
    }
  }
}
