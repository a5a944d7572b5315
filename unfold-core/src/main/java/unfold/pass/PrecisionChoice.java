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
import unfold.op.Convolution.Conv2d;
import unfold.op.Movement;
import unfold.op.Pointwise.Cast;
import unfold.op.Pointwise.NormalizePicture;
import unfold.op.Recurrence;
import unfold.tensor.DType;
import unfold.tensor.Shape;

/// Which f32 values of a graph become bf16.
///
/// First forwards: convolutions and matrix products are computed in bf16, ops that follow do as
/// their operands do. An operand votes for the type it has; parameters, constants and what is made
/// of them alone do not vote; one vote for f32 decides.
///
/// Then backwards: a value that is wanted in f32 only (logits, what a loss reads) stays f32 if what
/// makes it can write f32 at no cost.
///
/// In a graph that only answers, logits stay f32 also where a convolution of one pixel makes them:
/// rounded to bf16 the two best classes are often equal. And two things more stay f32, since
/// normalisation is folded into weights there, a channel of small variance makes them large, and
/// sums of few terms do not average their rounding out: the weights of depthwise convolutions; and
/// what a network begins with, while its convolutions have so few weights that bf16 arithmetic
/// gains nothing. In MobileNet v1 (0.25) with published weights these made 86 % of the squared
/// error of the logits.
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

  /// A dense convolution with at most so many weights does not fill the vectors of bf16 products:
  /// 16 results of two terms each, sixteen times.
  private static final long FEW_WEIGHTS = 512;

  private final boolean answers;
  private final Set<Node> wideNodes = new HashSet<>();

  /// @param answers whether nobody will differentiate the graph
  PrecisionChoice(Graph graph, boolean answers) {
    this.answers = answers;
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

  /// Whether this convolution is computed in f32 throughout.
  boolean staysWide(Node node) {
    return wideNodes.contains(node);
  }

  /// Whether this operand is a depthwise convolution's weights, which stay f32. Behind a curved
  /// activation or with an addend they do not, since nobody computes such mixtures in one pass.
  boolean isWideWeight(Node node, int place) {
    return answers
        && place == 1
        && readsOneChannel(node)
        && node.inputs().size() <= 3
        && node.op() instanceof Conv2d op
        && switch (op.activation().kind()) {
          case IDENTITY, RELU, RELU6 -> true;
          case LEAKY_RELU, ELU, GELU, SILU, HARD_SWISH, HARD_SIGMOID, SIGMOID, TANH, SOFTPLUS ->
              false;
        };
  }

  private static boolean readsOneChannel(Node node) {
    return node.op() instanceof Conv2d op && op.readsOneChannel(node.input(1).type().shape());
  }

  /// A small convolution of a picture, or of what such ones made of it.
  private boolean isSmallBeginning(Node node) {
    Value x = node.input(0);
    return answers
        && node.op() instanceof Conv2d
        && (!low.contains(x) || sources.contains(x))
        && (readsOneChannel(node) || node.input(1).type().shape().size() <= FEW_WEIGHTS);
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
          case LOW -> isSmallBeginning(node) ? Vote.WIDE : Vote.LOW;
          case FOLLOW -> operands;
          case SUM -> node.output().type().shape().rank() == 0 ? Vote.WIDE : operands;
          case SOURCE -> source(node);
          case WIDE -> operands == Vote.NONE ? Vote.NONE : Vote.WIDE;
        };
    votes.put(node.output(), vote);
    if (vote == Vote.LOW) {
      low.add(node.output());
    } else if (Precision.of(node.op()) == Precision.LOW) {
      wideNodes.add(node);
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
      if (low.contains(node.output()) && (canWriteWide(node) || isOnePixel(node))) {
        widened.add(node.output());
      }
    }
    // wishes travel backwards and facts forwards, so one walk each way settles most graphs
    while (narrow(graph.nodes().reversed()) | narrow(graph.nodes())) {}
    for (Node node : graph.nodes()) {
      if (widened.contains(node.output()) && !canWriteWide(node)) {
        wideNodes.add(node);
      }
    }
  }

  /// Whether this is a convolution of one pixel, as some networks end with in place of a matrix
  /// product: where its result is wanted in f32 (logits), computing it so costs nothing to speak
  /// of.
  private boolean isOnePixel(Node node) {
    Shape y = node.output().type().shape();
    return answers
        && node.op() instanceof Conv2d
        && y.rank() == 4
        && y.dim(2) * y.dim(3) == 1
        && node.input(1).type().shape().dim(2) * node.input(1).type().shape().dim(3) == 1;
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
                  case LOW -> !mayStayWide(reader);
                  case FOLLOW ->
                      low.contains(reader.output()) && !widened.contains(reader.output());
                  case SUM, SOURCE, WIDE -> false;
                });
  }

  /// Whether this convolution is computed in f32 throughout, as far as is known yet.
  private boolean mayStayWide(Node node) {
    return wideNodes.contains(node) || !canWriteWide(node) && widened.contains(node.output());
  }

  /// Whether an op that follows its operands has one that is surely bf16.
  private boolean readsLow(Node node) {
    return Precision.of(node.op()) == Precision.FOLLOW
        && Precision.flexible(node).stream().anyMatch(v -> low.contains(v) && !widened.contains(v));
  }
}
