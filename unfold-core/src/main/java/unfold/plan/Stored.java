package unfold.plan;

import unfold.backend.Layout;
import unfold.graph.Value;
import unfold.tensor.TensorType;

/// One copy of a value in memory. A value has several if kernels want it in several layouts.
public record Stored(Value value, TensorType type, Layout layout, Place place) {

  public long bytes() {
    return layout.bytes(type);
  }

  @Override
  public String toString() {
    return value + ":" + Layouts.show(layout, type);
  }
}
