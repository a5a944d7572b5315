package unfold.layer;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import unfold.op.RecurrentSequence.LstmSequence;
import unfold.tensor.Shape;
import unfold.trace.Initializer;
import unfold.trace.Scope;
import unfold.trace.Var;

/// Long short-term memory.
///
/// i, f, g, o = x·weight_ihᵀ + bias_ih + h·weight_hhᵀ + bias_hh; c′ = σ(f)∘c + σ(i)∘tanh(g), h′ =
/// σ(o)∘tanh(c′)
///
/// Parameters: `weight_ih` [4H×D], `weight_hh` [4H×R], `bias_ih`, `bias_hh` [4H], gates in the
/// order i, f, g, o; with a projection to R numbers `weight_hr` [R×H] (h′ =
/// (σ(o)∘tanh(c′))·weight_hrᵀ); with peepholes `weight_peephole` [3×H] (rows for i, f, o), zero at
/// first.
///
/// @param projection numbers of h; 0 for as many as hidden units, without a projection
/// @param forgetBias where `bias_ih` of the forget gate starts, so that the cell remembers from the
///   beginning (1 is usual); 0 for PyTorch's start
/// @source Hochreiter, Schmidhuber: Long short-term memory (1997); Gers, Schmidhuber, Cummins:
///   Learning to forget (2000); peepholes: Gers, Schmidhuber (2000); projection: Sak, Senior,
///   Beaufays (2014); forget bias: Jozefowicz, Zaremba, Sutskever (2015)
public record Lstm(boolean peepholes, int projection, double forgetBias) implements Cell {
  private static final int GATES = 4;

  public Lstm {
    if (projection < 0) {
      throw new IllegalArgumentException("lstm: projection " + projection + " must be >= 0");
    }
  }

  /// PyTorch's.
  public Lstm() {
    this(false, 0, 0);
  }

  public Lstm peepholes(boolean with) {
    return new Lstm(with, projection, forgetBias);
  }

  public Lstm projection(int numbers) {
    return new Lstm(peepholes, numbers, forgetBias);
  }

  public Lstm forgetBias(double start) {
    return new Lstm(peepholes, projection, start);
  }

  @Override
  public List<Memory> memories(int hidden) {
    return List.of(new Memory("h", projection > 0 ? projection : hidden), new Memory("c", hidden));
  }

  @Override
  public Swept sweep(
      Scope s, Direction direction, Var x, List<Var> initial, Optional<Var> lengths) {
    var gates = new Gates(s, direction, GATES);
    int hidden = direction.hidden();
    Var p = gates.ofInput(x, gates.biases(biasOfInput(direction.start().biases())));
    int output = memories(hidden).getFirst().width();
    var operands =
        new ArrayList<>(List.of(p, initial.get(0), initial.get(1), gates.recurrent(output)));
    if (peepholes) {
      operands.add(
          s.parameter(direction.name("weight_peephole"), Shape.of(3, hidden), new Zeros()));
    }
    if (projection > 0) {
      operands.add(
          s.parameter(
              direction.name("weight_hr"),
              Shape.of(projection, hidden),
              direction.start().recurrent()));
    }
    var op = new LstmSequence(direction.reverse(), peepholes, projection > 0);
    List<Var> results = s.applyAll(op, Gates.operands(operands, lengths));
    Var states = results.getFirst();
    return new Swept(gates.outputs(states), List.of(gates.last(states), results.get(1)));
  }

  private Initializer biasOfInput(Initializer usual) {
    return forgetBias == 0
        ? usual
        : new Blocks(List.of(usual, new Constant(forgetBias), usual, usual));
  }
}
