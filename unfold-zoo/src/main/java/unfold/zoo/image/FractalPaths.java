package unfold.zoo.image;

import java.util.List;
import java.util.Optional;
import unfold.error.InputException;
import unfold.tensor.Shape;
import unfold.trace.Scope;
import unfold.trace.Var;

/// How the joins of a fractal network average, and which paths they drop in training. At each step,
/// for the whole batch:
///
/// - with probability `share` *globally*: one column is chosen for the whole network, and each join
///   that it takes part in passes on that column alone;
/// - else *locally*: each join drops each of its inputs with probability `rate`, and keeps the one
///   with the largest draw if none would be left.
///
/// What is kept is averaged. A join without the chosen column leads nowhere; it averages all, so
/// that running statistics behind it stay sound. The draws depend on seed, step and path only.
///
/// @source Larsson et al. 2017, 3: drop-path regularization
record FractalPaths(int columns, double rate, Optional<Draw> draw) {

  /// What is drawn once for the network.
  ///
  /// @param column [columns]: 1 for the chosen one, else 0
  /// @param global [1]: 1 if that choice counts at this step, else 0
  record Draw(Var column, Var global) {}

  static FractalPaths of(Scope s, int columns, double rate, double share) {
    if (!(share >= 0 && share <= 1)) {
      throw new InputException("global=" + share + " must be from 0 to 1");
    }
    if (!s.training() || rate == 0 && share == 0) {
      return new FractalPaths(columns, rate, Optional.empty());
    }
    Var u = s.uniform(Shape.of(columns + 1));
    Var each = u.slice(0, 0, columns);
    Var column = each.atLeast(each.max(0));
    Var global = u.slice(0, columns, 1).less(share);
    return new FractalPaths(columns, rate, Optional.of(new Draw(column, global)));
  }

  /// The join of the last few columns.
  Var join(Scope s, List<Var> inputs) {
    if (inputs.size() == 1) {
      return inputs.getFirst();
    }
    return draw.map(d -> weighted(inputs, weights(s, d, inputs.size())))
        .orElseGet(() -> mean(inputs));
  }

  private static Var mean(List<Var> inputs) {
    Var sum = inputs.getFirst();
    for (Var x : inputs.subList(1, inputs.size())) {
      sum = sum.add(x);
    }
    return sum.divide(inputs.size());
  }

  private static Var weighted(List<Var> inputs, Var weights) {
    Var sum = inputs.getFirst().multiply(weights.slice(0, 0, 1).reshape(1, 1, 1, 1));
    for (int i = 1; i < inputs.size(); i++) {
      sum = sum.add(inputs.get(i).multiply(weights.slice(0, i, 1).reshape(1, 1, 1, 1)));
    }
    return sum;
  }

  /// [n], the sum is 1.
  private Var weights(Scope s, Draw d, int n) {
    Var u = s.uniform(Shape.of(n));
    Var local = u.atLeast(u.max(0).minimum(rate));
    Var chosen = d.column().slice(0, columns - n, n);
    Var whole = chosen.add(chosen.sum(0).affine(-1, 1)); // all ones without the chosen column
    Var kept = local.add(d.global().multiply(whole.subtract(local)));
    return kept.divide(kept.sum(0));
  }
}
