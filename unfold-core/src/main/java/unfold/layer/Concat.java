package unfold.layer;

import java.util.ArrayList;
import java.util.List;
import unfold.error.InputException;
import unfold.trace.Scope;
import unfold.trace.Var;

/// Branches that all read x and whose results are put side by side along the channels.
///
/// Shapes: x [N×C×…] → [N×ΣCᵢ×…].
///
/// Example: an inception module is `Concat.of(branch1, branch2, branch3, branch4)`.
///
/// @source Szegedy et al.: Going deeper with convolutions (2015)
public record Concat(List<Named> branches) implements Layer {
  public Concat {
    branches = Named.requireDistinct(branches);
  }

  public Concat() {
    this(List.of());
  }

  /// Branches named "0", "1", …
  public static Concat of(Layer... branches) {
    return new Concat(Named.numbered(branches));
  }

  public Concat branch(String name, Layer layer) {
    return new Concat(Named.append(branches, name, layer));
  }

  @Override
  public Var apply(Scope s, Var x) {
    if (branches.isEmpty()) {
      throw new InputException("a concatenation without branches has no result");
    }
    var parts = new ArrayList<Var>();
    for (Named branch : branches) {
      parts.add(s.apply(branch.name(), branch.layer(), x));
    }
    return parts.size() == 1 ? parts.getFirst() : Var.concat(1, parts);
  }
}
