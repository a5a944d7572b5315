package unfold.bench;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import unfold.graph.Graph;
import unfold.graph.GraphBuilder;
import unfold.graph.Node;
import unfold.graph.Value;
import unfold.op.Convolution.Conv2dWeightGrad;
import unfold.op.Linear.MatMul;
import unfold.op.Lookup.Constant;
import unfold.op.Lookup.Fill;
import unfold.op.Lookup.GatherGrad;
import unfold.op.Op;
import unfold.op.Pointwise.Cast;
import unfold.op.Pointwise.NormalizePicture;
import unfold.op.Reduction.Reduce;
import unfold.tensor.DType;
import unfold.tensor.TensorType;

/// A program with f64 wherever it had another real type: the same computation with next to no
/// rounding, which the reference backend can run.
final class InDouble {
  private InDouble() {}

  static Graph of(Graph graph) {
    var builder = new GraphBuilder(graph.name());
    Map<Value, Value> twins = new HashMap<>();
    for (Graph.Input input : graph.inputs()) {
      TensorType type = wide(input.value().type());
      twins.put(
          input.value(),
          switch (input.role()) {
            case FEED -> builder.feed(input.name(), type);
            case STATE -> builder.state(input.name(), type);
          });
    }
    for (Node node : graph.nodes()) {
      List<Value> operands = node.inputs().stream().map(twins::get).toList();
      List<Value> outputs = builder.add(wide(node.op()), operands, node.scope());
      for (int i = 0; i < outputs.size(); i++) {
        twins.put(node.output(i), outputs.get(i));
      }
    }
    for (Graph.Result r : graph.results()) {
      builder.result(r.name(), Objects.requireNonNull(twins.get(r.value())));
    }
    for (Graph.Update u : graph.updates()) {
      builder.update(u.state(), Objects.requireNonNull(twins.get(u.value())));
    }
    return builder.build();
  }

  /// The op with f64 as its result's type, if it names one. A shape rule that ends in another type
  /// than its operands shows as a type error of the next op.
  private static Op wide(Op op) {
    return switch (op) {
      case Fill(TensorType type, double value) -> new Fill(wide(type), value);
      case Constant(TensorType type, var values) -> new Constant(wide(type), values);
      case Cast(DType to) -> new Cast(wide(to));
      case NormalizePicture(var mean, var deviation, DType out) ->
          new NormalizePicture(mean, deviation, wide(out));
      case Reduce(var fold, var axes, boolean keep, DType out) ->
          new Reduce(fold, axes, keep, wide(out));
      case MatMul(boolean a, boolean b, DType out, var activation) ->
          new MatMul(a, b, wide(out), activation);
      case Conv2dWeightGrad(var window, int groups, int h, int w, DType out) ->
          new Conv2dWeightGrad(window, groups, h, w, wide(out));
      case GatherGrad(int rows, DType out) -> new GatherGrad(rows, wide(out));
      default -> op;
    };
  }

  private static TensorType wide(TensorType type) {
    return type.with(wide(type.dtype()));
  }

  private static DType wide(DType dtype) {
    return dtype.isFloat() ? DType.F64 : dtype;
  }
}
