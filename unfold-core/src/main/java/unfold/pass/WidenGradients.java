package unfold.pass;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import unfold.graph.Graph;
import unfold.graph.Node;
import unfold.graph.Value;
import unfold.op.Activation;
import unfold.op.Convolution.Conv2dWeightGrad;
import unfold.op.Linear.MatMul;
import unfold.op.Lookup.Fill;
import unfold.op.Lookup.GatherGrad;
import unfold.op.Movement.Reshape;
import unfold.op.Movement.Transpose;
import unfold.op.Op;
import unfold.op.Pointwise.Affine;
import unfold.op.Pointwise.Binary;
import unfold.op.Pointwise.BinaryFunction;
import unfold.op.Pointwise.Cast;
import unfold.op.Reduction.Reduce;
import unfold.tensor.DType;

/// Gradients of f32 parameters that are computed from bf16 values are written in f32 right away:
/// `cast(conv2d_weight_grad(x, dy) out=bf16) to=f32` → `conv2d_weight_grad(x, dy) out=f32`. Sums of
/// such gradients (weights that are used at every step of time) become sums in f32.
///
/// Ops that sum in f32 anyway read bf16 values without a cast in front.
final class WidenGradients {
  private final Map<Value, Node> producers;
  private final Map<Value, Integer> reads = new HashMap<>();

  /// bf16 values to be made in f32 instead.
  private final Set<Value> widened = new HashSet<>();

  private WidenGradients(Graph graph) {
    producers = graph.producers();
    graph.nodes().forEach(n -> n.inputs().forEach(v -> reads.merge(v, 1, Integer::sum)));
    graph.results().forEach(r -> reads.merge(r.value(), 1, Integer::sum));
    graph.updates().forEach(u -> reads.merge(u.value(), 1, Integer::sum));
    for (Node node : graph.nodes()) {
      if (isWidening(node) && canWiden(node.input(0))) {
        collect(node.input(0));
      }
    }
  }

  static Pass pass() {
    return new Pass(
        "widen-gradients", graph -> Rewriter.rewrite(graph, new WidenGradients(graph)::rule));
  }

  private static boolean isWidening(Node node) {
    return node.op() instanceof Cast(DType to)
        && to == DType.F32
        && node.input(0).type().dtype() == DType.BF16;
  }

  /// Whether what makes this bf16 value can make it in f32 at no greater cost.
  private boolean canWiden(Value value) {
    Node made = producers.get(value);
    return made != null
        && reads.getOrDefault(value, 0) == 1
        && (writesWide(made.op()).isPresent()
            || (passesWidth(made.op()) && made.inputs().stream().allMatch(this::canWiden)));
  }

  private void collect(Value value) {
    Node made = producers.get(value);
    if (made != null && widened.add(value) && writesWide(made.op()).isEmpty()) {
      made.inputs().forEach(this::collect);
    }
  }

  private Optional<List<Value>> rule(Node node, Rewriter graph) {
    if (widened.contains(node.output())) {
      Op op = writesWide(node.op()).orElse(node.op());
      return Optional.of(graph.all(op, node.scope(), node.inputs()));
    }
    if (node.op() instanceof Cast && node.input(0).type().equals(node.output().type())) {
      return Optional.of(node.inputs());
    }
    return sumOfCast(node, graph);
  }

  /// The same op with an f32 result, if it has that choice.
  private static Optional<Op> writesWide(Op op) {
    if (op instanceof Conv2dWeightGrad(var window, int groups, int kernelH, int kernelW, _)) {
      return Optional.of(new Conv2dWeightGrad(window, groups, kernelH, kernelW, DType.F32));
    }
    if (op instanceof MatMul(boolean ta, boolean tb, _, Activation activation)) {
      return Optional.of(new MatMul(ta, tb, DType.F32, activation));
    }
    if (op instanceof Reduce(var fold, var axes, boolean keep, _)) {
      return Optional.of(new Reduce(fold, axes, keep, DType.F32));
    }
    if (op instanceof GatherGrad(int rows, _)) {
      return Optional.of(new GatherGrad(rows, DType.F32));
    }
    return op instanceof Fill(var type, double value)
        ? Optional.of(new Fill(type.with(DType.F32), value))
        : Optional.empty();
  }

  /// Ops on f32 gradients as on bf16 ones.
  private static boolean passesWidth(Op op) {
    return op instanceof Reshape
        || op instanceof Transpose
        || op instanceof Affine
        || op instanceof Binary(BinaryFunction function, Activation activation)
            && function == BinaryFunction.ADD
            && activation.isIdentity();
  }

  private static Optional<List<Value>> sumOfCast(Node node, Rewriter graph) {
    boolean sums = node.op() instanceof Reduce || node.op() instanceof GatherGrad;
    if (!sums) {
      return Optional.empty();
    }
    return graph
        .producer(node.input(0))
        .filter(made ->
            made.op() instanceof Cast(DType to)
                && to == DType.F32
                && made.input(0).type().dtype() == DType.BF16)
        .map(made -> {
          var operands = new ArrayList<>(node.inputs());
          operands.set(0, made.input(0));
          return graph.all(node.op(), node.scope(), operands);
        });
  }
}
