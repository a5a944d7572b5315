package unfold.pass;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import unfold.graph.Graph;
import unfold.graph.GraphBuilder;
import unfold.graph.Node;
import unfold.graph.Value;
import unfold.op.Convolution;
import unfold.op.Convolution.Conv2d;
import unfold.op.Convolution.Conv2dWeightGrad;
import unfold.op.Convolution.ConvTranspose2d;
import unfold.op.Linear;
import unfold.op.Linear.MatMul;
import unfold.op.Lookup;
import unfold.op.Lookup.Constant;
import unfold.op.Lookup.Fill;
import unfold.op.Lookup.Gather;
import unfold.op.Lookup.GatherGrad;
import unfold.op.Movement;
import unfold.op.Normalization;
import unfold.op.Op;
import unfold.op.Pointwise;
import unfold.op.Pointwise.Activate;
import unfold.op.Pointwise.ActivateGrad;
import unfold.op.Pointwise.Affine;
import unfold.op.Pointwise.Binary;
import unfold.op.Pointwise.Cast;
import unfold.op.Pointwise.Compare;
import unfold.op.Pointwise.NormalizePicture;
import unfold.op.Pointwise.Select;
import unfold.op.Pointwise.Unary;
import unfold.op.Pooling;
import unfold.op.Randomness;
import unfold.op.Recurrence;
import unfold.op.Reduction;
import unfold.op.Reduction.ArgMax;
import unfold.op.Reduction.Reduce;
import unfold.op.Softmaxes;
import unfold.op.Updates;
import unfold.tensor.DType;

/// Computes an f32 forward graph in bf16 where that is fast and harmless ([PrecisionChoice] decides
/// where): activations are bf16, parameters stay f32 and are cast where a convolution or matrix
/// product reads them; bias, scale, shift, statistics, softmaxes, losses and logits stay f32.
///
/// The graph is written anew. Each value exists in the types that are asked for, made once each.
final class LowPrecision {
  private final PrecisionChoice choice;
  private final GraphBuilder builder;
  private final Map<Value, Value> wide = new HashMap<>();
  private final Map<Value, Value> low = new HashMap<>();
  private final Map<Value, Node> sources = new HashMap<>();

  /// Of the node that is being written; its casts stand there.
  private String scope = "";

  private LowPrecision(Graph graph, boolean answers) {
    choice = new PrecisionChoice(graph, answers);
    builder =
        GraphBuilder.from(new Graph(graph.name(), graph.inputs(), List.of(), List.of(), List.of()));
  }

  static Pass forTraining() {
    return new Pass("low-precision", graph -> new LowPrecision(graph, false).run(graph));
  }

  /// Where a graph only answers, some more stays f32 that bf16 would not make faster
  /// ([PrecisionChoice]).
  static Pass forInference() {
    return new Pass("low-precision", graph -> new LowPrecision(graph, true).run(graph));
  }

  private Graph run(Graph graph) {
    graph.inputs().forEach(i -> wide.put(i.value(), i.value()));
    for (Node node : graph.nodes()) {
      if (choice.isSource(node.output())) {
        sources.put(node.output(), node);
      } else {
        write(node);
      }
    }
    scope = "";
    graph.results().forEach(r -> builder.result(r.name(), wide(r.value())));
    graph.updates().forEach(u -> builder.update(u.state(), wide(u.value())));
    return builder.build();
  }

  private void write(Node node) {
    scope = node.scope();
    boolean isLow = choice.isLow(node.output());
    boolean concerned = PrecisionChoice.concerns(node);
    var flexible = new HashSet<>(Precision.flexiblePlaces(node));
    Precision precision = Precision.of(node.op());
    var operands = new ArrayList<Value>();
    for (int i = 0; i < node.inputs().size(); i++) {
      Value v = node.input(i);
      boolean readsLow =
          switch (precision) {
            case LOW -> concerned && !choice.staysWide(node);
            case FOLLOW, SOURCE -> isLow;
            case SUM -> choice.isLow(v);
            case WIDE -> false;
          };
      boolean changes = flexible.contains(i) && !choice.isWideWeight(node, i);
      operands.add(readsLow && changes ? low(v) : wide(v));
    }
    Op op = concerned ? withResult(node.op(), isLow ? DType.BF16 : DType.F32) : node.op();
    List<Value> outputs = builder.add(op, operands, node.scope());
    (isLow ? low : wide).put(node.output(), outputs.getFirst());
    for (int i = 1; i < outputs.size(); i++) {
      boolean becameLow = !outputs.get(i).type().equals(node.output(i).type());
      (becameLow ? low : wide).put(node.output(i), outputs.get(i));
    }
  }

  /// The value in its own type.
  private Value wide(Value v) {
    Value known = wide.get(v);
    if (known == null) {
      Node source = sources.get(v);
      known = source != null ? rewritten(source, v.type().dtype()) : cast(low(v), v.type().dtype());
      wide.put(v, known);
    }
    return known;
  }

  /// The value in bf16; what is not f32 stays as it is.
  private Value low(Value v) {
    if (v.type().dtype() != DType.F32) {
      return wide(v);
    }
    Value known = low.get(v);
    if (known == null) {
      Node source = sources.get(v);
      known = source != null ? rewritten(source, DType.BF16) : cast(wide(v), DType.BF16);
      low.put(v, known);
    }
    return known;
  }

  private Value rewritten(Node source, DType dtype) {
    var operands =
        source.inputs().stream().map(v -> dtype == DType.BF16 ? low(v) : wide(v)).toList();
    return builder.add(withResult(source.op(), dtype), operands, source.scope()).getFirst();
  }

  private Value cast(Value v, DType to) {
    return builder.one(new Cast(to), scope, v);
  }

  /// The op with a result of this type, where the op says so itself.
  private static Op withResult(Op op, DType dtype) {
    return switch (op) {
      case Linear linear ->
          switch (linear) {
            case MatMul(boolean ta, boolean tb, _, var activation) ->
                new MatMul(ta, tb, dtype, activation);
          };
      case Reduction reduction ->
          switch (reduction) {
            case Reduce(var fold, var axes, boolean keep, _) -> new Reduce(fold, axes, keep, dtype);
            case ArgMax _ -> op;
          };
      case Lookup lookup ->
          switch (lookup) {
            case Fill(var type, double value) -> new Fill(type.with(dtype), value);
            case Constant(var type, var values) -> new Constant(type.with(dtype), values);
            case GatherGrad(int rows, _) -> new GatherGrad(rows, dtype);
            case Gather _ -> op;
          };
      case Pointwise pointwise ->
          switch (pointwise) {
            case Cast _ -> new Cast(dtype);
            case NormalizePicture(var mean, var deviation, _) ->
                new NormalizePicture(mean, deviation, dtype);
            case Unary _, Activate _, ActivateGrad _, Binary _, Affine _, Compare _, Select _ -> op;
          };
      case Convolution convolution ->
          switch (convolution) {
            case Conv2dWeightGrad(var window, int groups, int kernelH, int kernelW, _) ->
                new Conv2dWeightGrad(window, groups, kernelH, kernelW, dtype);
            case Conv2d _, ConvTranspose2d _ -> op;
          };
      case Pooling _, Normalization _, Movement _, Softmaxes _ -> op;
      case Randomness _, Recurrence _, Updates _ -> op;
    };
  }
}
