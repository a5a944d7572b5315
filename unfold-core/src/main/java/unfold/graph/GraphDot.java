package unfold.graph;

import java.util.HashMap;
import java.util.Map;

/// A graph in the language of Graphviz: boxes are ops, edges carry types. States (parameters) are
/// left out of the drawing but for their names inside the boxes that read them.
public final class GraphDot {
  private GraphDot() {}

  public static String of(Graph graph) {
    var text = new StringBuilder("digraph \"").append(escape(graph.name())).append("\" {\n");
    text.append("  node [shape=box, fontname=\"sans-serif\", fontsize=10];\n");
    text.append("  edge [fontname=\"sans-serif\", fontsize=8];\n");
    Map<Value, String> makers = new HashMap<>();
    Map<Value, String> states = new HashMap<>();
    for (Graph.Input input : graph.inputs()) {
      switch (input.role()) {
        case STATE -> states.put(input.value(), input.name());
        case FEED -> {
          makers.put(input.value(), "in" + input.value().id());
          node(text, "in" + input.value().id(), input.name(), "ellipse");
        }
      }
    }
    for (Node n : graph.nodes()) {
      String id = "n" + n.output().id();
      var label = new StringBuilder(n.op().name());
      if (!n.scope().isEmpty()) {
        label.append("\n").append(n.scope());
      }
      for (Value v : n.inputs()) {
        if (states.containsKey(v)) {
          label.append("\n").append(states.get(v)).append(' ').append(v.type());
        }
      }
      node(text, id, label.toString(), "box");
      for (Value v : n.outputs()) {
        makers.put(v, id);
      }
      for (Value v : n.inputs()) {
        edge(text, makers, v, id);
      }
    }
    for (Graph.Result r : graph.results()) {
      node(text, "out_" + r.value().id(), r.name(), "ellipse");
      edge(text, makers, r.value(), "out_" + r.value().id());
    }
    return text.append("}\n").toString();
  }

  private static void node(StringBuilder text, String id, String label, String shape) {
    text.append("  ").append(id).append(" [label=\"").append(escape(label));
    text.append("\", shape=").append(shape).append("];\n");
  }

  private static void edge(StringBuilder text, Map<Value, String> makers, Value v, String to) {
    String from = makers.get(v);
    if (from != null) {
      text.append("  ").append(from).append(" -> ").append(to);
      text.append(" [label=\"").append(v.type()).append("\"];\n");
    }
  }

  private static String escape(String label) {
    return label.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n");
  }
}
