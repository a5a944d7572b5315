package unfold.layer;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import unfold.op.Lookup.Fill;
import unfold.op.Pointwise.Relation;
import unfold.tensor.Shape;
import unfold.trace.Scope;
import unfold.trace.Var;

/// A cell of one's own, written in small ops once for each step. Parameters are the same at every
/// step.
///
/// ```java
/// // h′ = tanh( W·[x; h] )
/// var cell =
///     new Unrolled(
///         hidden -> List.of(new Memory("h", hidden)),
///         (s, d, x, states) -> {
///           Var h = states.getFirst();
///           Var w = s.parameter(d.name("weight"), Shape.of(d.hidden(), x.dim(1) + h.dim(1)), init);
///           return List.of(Var.concat(1, List.of(x, h)).matmul(w, false, true).tanh());
///         });
/// ```
///
/// Attention decoders and mixture outputs are written so. The program grows with the number of
/// steps; [Lstm], [Gru] and [Rnn] are one op each, and faster.
public record Unrolled(Widths widths, Step step) implements Cell {

  /// The states of a layer with so many hidden units, h first.
  @FunctionalInterface
  public interface Widths {
    List<Memory> of(int hidden);
  }

  /// One step.
  @FunctionalInterface
  public interface Step {
    /// The states after the step.
    ///
    /// @param x [N×D]
    /// @param states [N×width] each
    List<Var> next(Scope s, Direction direction, Var x, List<Var> states);
  }

  @Override
  public List<Memory> memories(int hidden) {
    return widths.of(hidden);
  }

  @Override
  public Swept sweep(
      Scope s, Direction direction, Var x, List<Var> initial, Optional<Var> lengths) {
    int steps = x.dim(0);
    int rows = x.dim(1);
    var outputs = new Var[steps];
    List<Var> states = initial;
    for (int k = 0; k < steps; k++) {
      int t = direction.reverse() ? steps - 1 - k : k;
      Var now = x.slice(0, t, 1).reshape(rows, x.dim(2));
      List<Var> next = step.next(k == 0 ? s : s.shared(), direction, now, states);
      if (next.size() != states.size()) {
        throw s.error(
            "unrolled: a step gives " + next.size() + " states, but was given " + states.size());
      }
      states = lengths.isPresent() ? chosen(s, lengths.get(), t, next, states) : next;
      outputs[t] = states.getFirst().reshape(1, rows, states.getFirst().dim(1));
    }
    return new Swept(Var.concat(0, List.of(outputs)), states);
  }

  /// The new states of rows that are longer than t, the old ones of all others.
  private static List<Var> chosen(Scope s, Var lengths, int t, List<Var> next, List<Var> before) {
    Var step = s.apply(new Fill(lengths.type().with(Shape.SCALAR), t));
    Var longer = step.compare(Relation.LESS, lengths).reshape(lengths.dim(0), 1);
    var chosen = new ArrayList<Var>();
    for (int i = 0; i < next.size(); i++) {
      chosen.add(longer.broadcast(next.get(i).shape()).select(next.get(i), before.get(i)));
    }
    return chosen;
  }
}
