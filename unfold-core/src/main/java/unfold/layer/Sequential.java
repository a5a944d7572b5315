package unfold.layer;

import java.util.List;
import unfold.trace.Scope;
import unfold.trace.Var;

/// One layer after the other.
///
/// Example: `Sequential.of(new Conv2d(1, 6, 5), Activate.RELU)` names its children "0", "1", …;
/// `new Sequential().then("conv1", …).then("bn1", …)` as given.
public record Sequential(List<Named> children) implements Layer {
  public Sequential {
    children = Named.requireDistinct(children);
  }

  public Sequential() {
    this(List.of());
  }

  public static Sequential of(Layer... layers) {
    return new Sequential(Named.numbered(layers));
  }

  /// The same with one more layer at the end.
  public Sequential then(String name, Layer layer) {
    return new Sequential(Named.append(children, name, layer));
  }

  /// The same with one more layer at the end, named by its number.
  public Sequential then(Layer layer) {
    return then(Integer.toString(children.size()), layer);
  }

  @Override
  public Var apply(Scope s, Var x) {
    Var y = x;
    for (Named child : children) {
      y = s.apply(child.name(), child.layer(), y);
    }
    return y;
  }
}
