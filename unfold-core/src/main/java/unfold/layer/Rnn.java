package unfold.layer;

import java.util.List;
import java.util.Optional;
import unfold.op.Activation;
import unfold.op.RecurrentSequence.RnnSequence;
import unfold.trace.Scope;
import unfold.trace.Var;

/// The plain recurrent cell.
///
/// h′ = act( x·weight_ihᵀ + bias_ih + h·weight_hhᵀ + bias_hh )
///
/// Parameters: `weight_ih` [H×D], `weight_hh` [H×H], `bias_ih`, `bias_hh` [H]. Gradients grow or
/// shrink with the singular values of diag(act′)·weight_hh at every step; [Lstm] and [Gru] are made
/// to avoid that.
///
/// @param activation tanh or relu
/// @source Elman: Finding structure in time (1990)
public record Rnn(Activation activation) implements Cell {
  /// With tanh.
  public Rnn() {
    this(Activation.TANH);
  }

  @Override
  public List<Memory> memories(int hidden) {
    return List.of(new Memory("h", hidden));
  }

  @Override
  public Swept sweep(
      Scope s, Direction direction, Var x, List<Var> initial, Optional<Var> lengths) {
    var gates = new Gates(s, direction, 1);
    Var p = gates.ofInput(x, gates.biases(direction.start().biases()));
    Var w = gates.recurrent(direction.hidden());
    var op = new RnnSequence(activation, direction.reverse());
    Var states = s.apply(op, Gates.operands(List.of(p, initial.getFirst(), w), lengths));
    return new Swept(gates.outputs(states), List.of(gates.last(states)));
  }
}
