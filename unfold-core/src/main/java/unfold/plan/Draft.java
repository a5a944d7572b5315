package unfold.plan;

import java.util.Objects;
import org.jspecify.annotations.Nullable;
import unfold.backend.Layout;
import unfold.graph.Value;
import unfold.tensor.TensorType;

/// One copy of a value while its plan is being made: layout known, place open.
final class Draft {
  /// Who owns the memory of a copy that is no view.
  enum Home {
    /// written by the caller before a run
    FEED,
    STATE,
    CONSTANT,
    /// written by a step
    ARENA
  }

  final Value value;
  final TensorType type;
  final Layout layout;
  private Home home;

  private @Nullable String state;

  /// The copy whose memory this one shows under another shape.
  @Nullable final Draft viewOf;

  /// Where this view begins in what it shows.
  private final long offsetBytes;

  /// Must be intact after a run.
  boolean kept;

  /// Same at every run until a state changes.
  final boolean stable;

  private Draft(
      Value value,
      TensorType type,
      Layout layout,
      Home home,
      @Nullable Draft viewOf,
      long offsetBytes,
      boolean stable) {
    this.value = value;
    this.type = type;
    this.layout = layout;
    this.home = home;
    this.viewOf = viewOf;
    this.offsetBytes = offsetBytes;
    this.stable = stable;
  }

  static Draft feed(Value value) {
    return new Draft(
        value, value.type(), Layouts.standard(value.type()), Home.FEED, null, 0, false);
  }

  static Draft state(Value value, String name, Layout layout, boolean stable) {
    var d = new Draft(value, value.type(), layout, Home.STATE, null, 0, stable);
    d.state = name;
    return d;
  }

  static Draft constant(Value value) {
    return new Draft(
        value, value.type(), Layouts.standard(value.type()), Home.CONSTANT, null, 0, true);
  }

  static Draft computed(Value value, TensorType type, Layout layout, boolean stable) {
    return new Draft(value, type, layout, Home.ARENA, null, 0, stable);
  }

  /// Memory of this copy as another value in another layout.
  Draft view(Value other, Layout otherLayout, long offset) {
    return new Draft(other, other.type(), otherLayout, home, this, offset, stable);
  }

  /// The copy that owns the memory.
  Draft root() {
    Draft d = this;
    while (d.viewOf != null) {
      d = d.viewOf;
    }
    return d;
  }

  /// Where this copy begins in the memory of its root.
  long offset() {
    return viewOf == null ? 0 : viewOf.offset() + offsetBytes;
  }

  Home home() {
    return root().home;
  }

  /// Name of the state whose memory this is.
  String name() {
    return Objects.requireNonNull(root().state, "not the memory of a state");
  }

  /// Lets the step that makes this copy write it into the memory of a state.
  void writeInto(String name) {
    home = Home.STATE;
    state = name;
  }

  long bytes() {
    return layout.bytes(type);
  }
}
