package unfold.pass;

import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import unfold.error.GraphException;
import unfold.graph.Graph;
import unfold.graph.Verifier;

/// One step of rewriting, with the name that failures show.
public record Pass(String name, UnaryOperator<Graph> rewrite) {

  /// The rewritten graph, verified.
  ///
  /// @throws GraphException that names this pass if the graph is broken or its interface changed
  public Graph apply(Graph graph) {
    Graph rewritten;
    try {
      rewritten = rewrite.apply(graph);
    } catch (RuntimeException e) {
      throw new GraphException(
          "pass " + name + " on graph " + graph.name() + ": " + e.getMessage(), e);
    }
    Verifier.verify(rewritten, "pass " + name);
    requireSame(face(graph), face(rewritten));
    return rewritten;
  }

  /// Several passes, one after the other.
  public static Graph applyAll(List<Pass> passes, Graph graph) {
    Graph rewritten = graph;
    for (Pass pass : passes) {
      rewritten = pass.apply(rewritten);
    }
    return rewritten;
  }

  private void requireSame(List<String> before, List<String> after) {
    for (int i = 0; i < Math.min(before.size(), after.size()); i++) {
      if (!before.get(i).equals(after.get(i))) {
        throw new GraphException(
            "pass " + name + " turned '" + before.get(i) + "' into '" + after.get(i) + "'");
      }
    }
    if (before.size() != after.size()) {
      throw new GraphException(
          "pass " + name + " changed inputs and results from " + before + " to " + after);
    }
  }

  /// What a graph promises to the outside.
  private static List<String> face(Graph graph) {
    var face = new ArrayList<String>();
    graph.inputs().forEach(i -> face.add(i.role() + " " + i.name() + " : " + i.value().type()));
    graph.results().forEach(r -> face.add("result " + r.name() + " : " + r.value().type()));
    graph.updates().forEach(u -> face.add("update " + u.state() + " : " + u.value().type()));
    return face;
  }
}
