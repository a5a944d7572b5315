package unfold.backend;

import java.util.List;
import unfold.op.Op;
import unfold.tensor.TensorType;

/// What the planner asks a backend for: one op on operands of these types, which lie in memory as
/// given.
///
/// @param layouts how the inputs lie now; a candidate may ask for another layout at the price of a
///   conversion
/// @param wanted which outputs anybody reads; a kernel need not write the others
public record Call(
    Op op,
    List<TensorType> inputs,
    List<TensorType> outputs,
    List<Layout> layouts,
    List<Boolean> wanted) {
  public Call {
    inputs = List.copyOf(inputs);
    outputs = List.copyOf(outputs);
    layouts = List.copyOf(layouts);
    wanted = List.copyOf(wanted);
  }

  /// A call on inputs in standard layout, all outputs wanted.
  public static Call of(Op op, List<TensorType> inputs) {
    var outputs = op.infer(inputs);
    return new Call(
        op,
        inputs,
        outputs,
        inputs.stream().map(t -> (Layout) Layout.standard(t.shape())).toList(),
        outputs.stream().map(_ -> true).toList());
  }

  /// Whether all inputs lie in standard layout.
  public boolean standardInputs() {
    for (int i = 0; i < inputs.size(); i++) {
      if (!Layout.isStandard(layouts.get(i), inputs.get(i).shape())) {
        return false;
      }
    }
    return true;
  }
}
