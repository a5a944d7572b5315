package unfold.layer;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import unfold.op.Linear.MatMul;
import unfold.op.Lookup.Fill;
import unfold.tensor.DType;
import unfold.tensor.Shape;
import unfold.tensor.TensorType;
import unfold.trace.Initializer;
import unfold.trace.Scope;
import unfold.trace.Var;

/// Parameters that recurrent cells have in common, under PyTorch's names, and what x contributes to
/// all steps at once.
record Gates(Scope s, Cell.Direction direction, int count) {

  /// x·weight_ihᵀ and the biases given, [T×N×count·H].
  Var ofInput(Var x, List<Var> biases) {
    Var w =
        s.parameter(
            direction.name("weight_ih"),
            Shape.of(count * direction.hidden(), x.dim(-1)),
            Blocks.of(count, direction.start().input()));
    var op = new MatMul(false, true, x.dtype());
    Optional<Var> bias = biases.stream().reduce(Var::add);
    return bias.isPresent() ? s.apply(op, x, w, bias.get()) : s.apply(op, x, w);
  }

  /// `weight_hh` [count·H × output].
  Var recurrent(int output) {
    return s.parameter(
        direction.name("weight_hh"),
        Shape.of(count * direction.hidden(), output),
        Blocks.of(count, direction.start().recurrent()));
  }

  /// `bias_ih` and `bias_hh`, if there are biases.
  List<Var> biases(Initializer ofInput) {
    return direction.bias()
        ? List.of(bias("bias_ih", ofInput), bias("bias_hh", direction.start().biases()))
        : List.of();
  }

  private Var bias(String name, Initializer init) {
    return s.parameter(direction.name(name), Shape.of(count * direction.hidden()), init);
  }

  /// Zeros in place of a bias that is switched off.
  Var noBias() {
    return s.apply(new Fill(TensorType.of(DType.F32, count * direction.hidden()), 0));
  }

  /// The operands of a recurrent op: those given, and lengths if there are any.
  static Var[] operands(List<Var> first, Optional<Var> lengths) {
    var all = new ArrayList<>(first);
    lengths.ifPresent(all::add);
    return all.toArray(Var[]::new);
  }

  /// Outputs and last state among the states of all moments.
  Var outputs(Var states) {
    return states.slice(0, direction.reverse() ? 0 : 1, states.dim(0) - 1);
  }

  Var last(Var states) {
    return states
        .slice(0, direction.reverse() ? 0 : states.dim(0) - 1, 1)
        .reshape(states.dim(1), states.dim(2));
  }
}
