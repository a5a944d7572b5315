package unfold.layer;

import java.util.List;
import java.util.Optional;
import unfold.op.RecurrentSequence.GruSequence;
import unfold.trace.Initializer;
import unfold.trace.Scope;
import unfold.trace.Var;

/// Gated recurrent unit.
///
/// r, z = σ( x·Wᵀ + h·Uᵀ + b ), h′ = z∘h + (1 − z)∘n with the candidate
///
/// - reset after the product (PyTorch's): n = tanh( x·Wᵀ + b_ih + r∘(h·Uᵀ + b_hh) ),
/// - reset before it (the original): n = tanh( x·Wᵀ + (r∘h)·Uᵀ + b_ih + b_hh ).
///
/// Parameters: `weight_ih` [3H×D], `weight_hh` [3H×H], `bias_ih`, `bias_hh` [3H], gates in the
/// order r, z, n.
///
/// @param span steps that the layer should be able to bridge from the beginning: the update gate's
///   `bias_ih` starts as [Chrono] has it; 0 for the start of all biases
/// @source Cho and others: Learning phrase representations using RNN encoder–decoder (2014);
///   `torch.nn.GRU`
public record Gru(boolean resetAfter, int span) implements Cell {
  private static final int GATES = 3;

  public Gru {
    if (span != 0 && span < Chrono.LEAST) {
      throw new IllegalArgumentException(
          "gru: span " + span + " must be 0 or at least " + Chrono.LEAST);
    }
  }

  /// PyTorch's form.
  public Gru() {
    this(true, 0);
  }

  /// The original form: the reset gate acts before the product.
  public static Gru original() {
    return new Gru(false, 0);
  }

  public Gru span(int steps) {
    return new Gru(resetAfter, steps);
  }

  @Override
  public List<Memory> memories(int hidden) {
    return List.of(new Memory("h", hidden));
  }

  @Override
  public Swept sweep(
      Scope s, Direction direction, Var x, List<Var> initial, Optional<Var> lengths) {
    var gates = new Gates(s, direction, GATES);
    List<Var> biases = gates.biases(biasOfInput(direction.start().biases()));
    var op = new GruSequence(direction.reverse(), resetAfter);
    Var h = initial.getFirst();
    Var w = gates.recurrent(direction.hidden());
    List<Var> operands;
    if (resetAfter) {
      List<Var> ofInput = biases.isEmpty() ? List.of() : biases.subList(0, 1);
      Var ofState = biases.isEmpty() ? gates.noBias() : biases.get(1);
      operands = List.of(gates.ofInput(x, ofInput), h, w, ofState);
    } else {
      operands = List.of(gates.ofInput(x, biases), h, w);
    }
    Var states = s.apply(op, Gates.operands(operands, lengths));
    return new Swept(gates.outputs(states), List.of(gates.last(states)));
  }

  private Initializer biasOfInput(Initializer usual) {
    return span == 0 ? usual : new Blocks(List.of(usual, new Chrono(span), usual));
  }
}
