package unfold.graph;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import unfold.error.FormatException;
import unfold.op.Attributes;
import unfold.op.Op;
import unfold.tensor.TensorType;

/// Reads the text form of a graph.
public final class GraphParser {
  private final Map<String, Value> values = new HashMap<>();
  private final List<Graph.Input> inputs = new ArrayList<>();
  private final List<Node> nodes = new ArrayList<>();
  private final List<Graph.Result> results = new ArrayList<>();
  private final List<Graph.Update> updates = new ArrayList<>();

  private GraphParser() {}

  /// @throws FormatException with the line number and what is wrong there
  public static Graph parse(String text) {
    return new GraphParser().graph(text.lines().toList());
  }

  private Graph graph(List<String> lines) {
    String name = "";
    boolean open = false;
    boolean closed = false;
    for (int i = 0; i < lines.size(); i++) {
      String line = lines.get(i).strip();
      try {
        if (line.isEmpty() || line.startsWith("#")) {
          continue;
        }
        if (!open) {
          if (!line.startsWith("graph ") || !line.endsWith("{")) {
            throw new IllegalArgumentException("expected 'graph NAME {'");
          }
          name = line.substring(6, line.length() - 1).strip();
          open = true;
        } else if (closed) {
          throw new IllegalArgumentException("text after the closing brace");
        } else if (line.equals("}")) {
          closed = true;
        } else {
          statement(line);
        }
      } catch (RuntimeException e) {
        throw new FormatException("graph text, line " + (i + 1) + ": " + e.getMessage(), e);
      }
    }
    if (!closed) {
      throw new FormatException("graph text ends without '}'");
    }
    var graph = new Graph(name, inputs, nodes, results, updates);
    Verifier.verify(graph, "parsing");
    return graph;
  }

  private void statement(String line) {
    String[] word = line.split(" +", 3);
    switch (word[0]) {
      case "feed" -> input(Graph.Role.FEED, word);
      case "state" -> input(Graph.Role.STATE, word);
      case "result" -> {
        require(word.length == 3, "result NAME %0");
        results.add(new Graph.Result(word[1], use(word[2])));
      }
      case "update" -> {
        require(word.length == 3, "update STATE %0");
        updates.add(new Graph.Update(word[1], use(word[2])));
      }
      default -> node(line);
    }
  }

  private void input(Graph.Role role, String[] word) {
    int colon = word.length < 3 ? -1 : word[2].lastIndexOf(" : ");
    require(colon >= 0, word[0] + " %0 NAME : TYPE");
    TensorType type = TensorType.parse(word[2].substring(colon + 3).strip());
    inputs.add(new Graph.Input(role, word[2].substring(0, colon).strip(), define(word[1], type)));
  }

  private void node(String line) {
    int scopeAt = line.indexOf(" @ ");
    String scope = scopeAt < 0 ? "" : line.substring(scopeAt + 3);
    String rest = scopeAt < 0 ? line : line.substring(0, scopeAt);
    int typesAt = rest.lastIndexOf(" : ");
    int equals = rest.indexOf(" = ");
    int open = rest.indexOf('(', equals);
    int close = rest.indexOf(')', open);
    require(
        equals >= 0 && open > equals + 2 && close > open && typesAt > close,
        "%1 = op(%0) settings : type @ scope");
    Op op =
        Op.read(
            rest.substring(equals + 3, open).strip(),
            Attributes.parse(rest.substring(close + 1, typesAt)));
    var operands = new ArrayList<Value>();
    for (String v : list(rest.substring(open + 1, close))) {
      operands.add(use(v));
    }
    var names = list(rest.substring(0, equals));
    var types = list(rest.substring(typesAt + 3));
    if (names.size() != types.size()) {
      throw new IllegalArgumentException(names.size() + " results, but " + types.size() + " types");
    }
    var outputs = new ArrayList<Value>();
    for (int i = 0; i < names.size(); i++) {
      outputs.add(define(names.get(i), TensorType.parse(types.get(i))));
    }
    nodes.add(new Node(op, operands, outputs, scope));
  }

  private static void require(boolean ok, String form) {
    if (!ok) {
      throw new IllegalArgumentException("expected '" + form + "'");
    }
  }

  private static List<String> list(String text) {
    return text.isBlank() ? List.of() : List.of(text.strip().split(", *"));
  }

  private Value define(String name, TensorType type) {
    if (!name.startsWith("%")) {
      throw new IllegalArgumentException("'" + name + "' is not a value such as %3");
    }
    int id;
    try {
      id = Integer.parseInt(name.substring(1));
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException("'" + name.substring(1) + "' is not a number", e);
    }
    Value v = new Value(id, type);
    values.put(name, v);
    return v;
  }

  private Value use(String name) {
    Value v = values.get(name);
    if (v == null) {
      throw new IllegalArgumentException(name + " is used before it is assigned");
    }
    return v;
  }
}
