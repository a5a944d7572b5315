package unfold.pass;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import unfold.graph.Graph;
import unfold.graph.Node;
import unfold.graph.Value;
import unfold.op.Convolution;
import unfold.op.Movement;
import unfold.op.Pointwise.Cast;
import unfold.op.Pointwise.NormalizePicture;
import unfold.op.Recurrence;
import unfold.tensor.DType;

/// Which f32 values of a graph become bf16.
///
/// First forwards: convolutions and matrix products are computed in bf16, ops that follow do as
/// their operands do. An operand votes for the type it has; parameters, constants and what is made
/// of them alone do not vote; one vote for f32 decides.
///
/// Then backwards: a value that is wanted in f32 only (logits, what a loss reads) stays f32 if what
/// makes it can write f32 at no cost.
final class PrecisionChoice {
  private enum Vote {
    LOW,
    WIDE,
    NONE
  }

  private final Map<Value, Vote> votes = new HashMap<>();
  private final Map<Value, List<Node>> readers = new HashMap<>();
  private final Set<Value> low = new HashSet<>();
  private final Set<Value> widened = new HashSet<>();
  private final Set<Value> sources = new HashSet<>();

  PrecisionChoice(Graph graph) {
    for (var input : graph.inputs()) {
      votes.put(input.value(), input.role() == Graph.Role.STATE ? Vote.NONE : Vote.WIDE);
    }
    for (Node node : graph.nodes()) {
      choose(node);
      node.inputs().forEach(v -> readers.computeIfAbsent(v, _ -> new ArrayList<>()).add(node));
    }
    widen(graph);
    low.removeAll(widened);
  }

  /// Whether this value is computed in bf16.
  boolean isLow(Value value) {
    return low.contains(value);
  }

  /// Whether this value can be made in either type when somebody asks for it.
  boolean isSource(Value value) {
    return sources.contains(value);
  }

  /// Whether the node is one that this choice is about: f32 throughout.
  static boolean concerns(Node node) {
    return Precision.flexible(node).stream()
            .map(v -> v.type().dtype())
            .allMatch(d -> d == DType.F32 || !d.isFloat())
        && node.output().type().dtype() == DType.F32;
  }

  private void choose(Node node) {
    node.outputs().forEach(v -> votes.put(v, Vote.WIDE));
    if (!concerns(node)) {
      return;
    }
    Vote operands = poll(node);
    Vote vote =
        switch (Precision.of(node.op())) {
          case LOW -> Vote.LOW;
          case FOLLOW -> operands;
          case SUM -> node.output().type().shape().rank() == 0 ? Vote.WIDE : operands;
          case SOURCE -> source(node);
          case WIDE -> operands == Vote.NONE ? Vote.NONE : Vote.WIDE;
        };
    votes.put(node.output(), vote);
    if (vote == Vote.LOW) {
      low.add(node.output());
    }
    boolean movedParameter = vote == Vote.NONE && node.op() instanceof Movement;
    if (movedParameter || Precision.of(node.op()) == Precision.SOURCE && vote != Vote.WIDE) {
      sources.add(node.output());
    }
  }

  private Vote poll(Node node) {
    var cast = new HashSet<Vote>();
    for (Value v : Precision.flexible(node)) {
      if (v.type().dtype().isFloat()) {
        cast.add(votes.getOrDefault(v, Vote.WIDE));
      }
    }
    return cast.contains(Vote.WIDE) ? Vote.WIDE : cast.contains(Vote.LOW) ? Vote.LOW : Vote.NONE;
  }

  private static Vote source(Node node) {
    if (node.op() instanceof NormalizePicture) {
      return Vote.LOW;
    }
    boolean fromFloat = node.op() instanceof Cast && node.input(0).type().dtype().isFloat();
    return fromFloat ? Vote.WIDE : Vote.NONE;
  }

  /// Starts from all values that might stay wide and takes out those that must not, until none is
  /// left to take out.
  private void widen(Graph graph) {
    for (Node node : graph.nodes()) {
      if (low.contains(node.output()) && canWriteWide(node)) {
        widened.add(node.output());
      }
    }
    // wishes travel backwards and facts forwards, so one walk each way settles most graphs
    while (narrow(graph.nodes().reversed()) | narrow(graph.nodes())) {}
  }

  /// Whether a walk over the nodes in this order took any value out.
  private boolean narrow(List<Node> nodes) {
    boolean changed = false;
    for (Node node : nodes) {
      Value y = node.output();
      if (widened.contains(y) && (isWantedLow(y) || readsLow(node))) {
        changed |= widened.remove(y);
      }
    }
    return changed;
  }

  /// Not a convolution or a recurrent layer, whose results have the type of their operands.
  private static boolean canWriteWide(Node node) {
    return !(node.op() instanceof Convolution || node.op() instanceof Recurrence);
  }

  private boolean isWantedLow(Value y) {
    return readers.getOrDefault(y, List.of()).stream()
        .anyMatch(reader ->
            concerns(reader)
                && Precision.flexible(reader).contains(y)
                && switch (Precision.of(reader.op())) {
                  case LOW -> true;
                  case FOLLOW ->
                      low.contains(reader.output()) && !widened.contains(reader.output());
                  case SUM, SOURCE, WIDE -> false;
                });
  }

  /// Whether an op that follows its operands has one that is surely bf16.
  private boolean readsLow(Node node) {
    return Precision.of(node.op()) == Precision.FOLLOW
        && Precision.flexible(node).stream().anyMatch(v -> low.contains(v) && !widened.contains(v));
  }
}
