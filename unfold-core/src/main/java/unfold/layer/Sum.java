package unfold.layer;

import java.util.List;
import unfold.error.InputException;
import unfold.trace.Scope;
import unfold.trace.Var;

/// Branches that all read x and whose results of one shape are added: y = Σ fᵢ(x).
///
/// Example: a residual block is `new Sum().branch("body", …).branch("shortcut", new Identity())`.
///
/// @source He, Zhang, Ren, Sun: Deep residual learning (2016)
public record Sum(List<Named> branches) implements Layer {
  public Sum {
    branches = Named.requireDistinct(branches);
  }

  public Sum() {
    this(List.of());
  }

  /// Branches named "0", "1", …
  public static Sum of(Layer... branches) {
    return new Sum(Named.numbered(branches));
  }

  /// y = x + body(x); the body's parameters are in branch "0".
  public static Sum residual(Layer body) {
    return of(body, new Identity());
  }

  public Sum branch(String name, Layer layer) {
    return new Sum(Named.append(branches, name, layer));
  }

  @Override
  public Var apply(Scope s, Var x) {
    if (branches.isEmpty()) {
      throw new InputException("a sum without branches has no result");
    }
    Var sum = s.apply(branches.getFirst().name(), branches.getFirst().layer(), x);
    for (Named branch : branches.subList(1, branches.size())) {
      Var y = s.apply(branch.name(), branch.layer(), x);
      if (!y.shape().equals(sum.shape())) {
        throw s.error(
            "sum: branch "
                + branch.name()
                + " gives ["
                + y.shape()
                + "], but the others ["
                + sum.shape()
                + "]");
      }
      sum = sum.add(y);
    }
    return sum;
  }
}
