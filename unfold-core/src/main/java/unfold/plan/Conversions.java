package unfold.plan;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import unfold.backend.Backend;
import unfold.backend.Candidate;
import unfold.backend.Layout;
import unfold.tensor.TensorType;

/// Finds kernels that bring a value into another layout or element type.
public final class Conversions {
  private final List<Backend> backends;
  private final Map<Key, Optional<List<Hop>>> known = new HashMap<>();

  /// @param backends in order of preference
  public Conversions(List<Backend> backends) {
    this.backends = List.copyOf(backends);
  }

  /// One kernel on the way, what it reads, and what it makes.
  public record Hop(
      String backend,
      Candidate candidate,
      TensorType from,
      Layout fromLayout,
      TensorType type,
      Layout layout) {}

  /// The kernels to run one after the other: one, or two with the standard layout between them;
  /// empty if nobody knows a way.
  public synchronized Optional<List<Hop>> path(
      TensorType from, Layout fromLayout, TensorType to, Layout layout) {
    return known.computeIfAbsent(
        new Key(from, fromLayout, to, layout), _ -> find(from, fromLayout, to, layout));
  }

  private record Key(TensorType from, Layout fromLayout, TensorType to, Layout layout) {}

  private Optional<List<Hop>> find(
      TensorType from, Layout fromLayout, TensorType to, Layout layout) {
    var direct = hop(from, fromLayout, to, layout);
    if (direct.isPresent()) {
      return Optional.of(List.of(direct.get()));
    }
    Layout between = Layouts.standard(from);
    var first = hop(from, fromLayout, from, between);
    var second = hop(from, between, to, layout);
    return first.isPresent() && second.isPresent()
        ? Optional.of(List.of(first.get(), second.get()))
        : Optional.empty();
  }

  private Optional<Hop> hop(TensorType from, Layout fromLayout, TensorType to, Layout layout) {
    if (from.equals(to) && Layouts.same(fromLayout, layout, from.shape()) && dense(from, layout)) {
      return Optional.of(
          new Hop("copy", new RawCopy(layout, layout.bytes(from)), from, fromLayout, to, layout));
    }
    for (Backend b : ownersFirst(fromLayout, layout)) {
      var candidate = b.convert(from, fromLayout, to, layout);
      if (candidate.isPresent()) {
        return Optional.of(new Hop(b.name(), candidate.get(), from, fromLayout, to, layout));
      }
    }
    return Optional.empty();
  }

  /// Whether a value fills all bytes between its first and its last element.
  private static boolean dense(TensorType type, Layout layout) {
    return !(layout instanceof Layout.Strided) || layout.bytes(type) == type.bytes();
  }

  private List<Backend> ownersFirst(Layout from, Layout to) {
    var sorted = new ArrayList<Backend>();
    for (boolean owner : new boolean[] {true, false}) {
      for (Backend b : backends) {
        if (owner == (owns(b, from) || owns(b, to))) {
          sorted.add(b);
        }
      }
    }
    return sorted;
  }

  private static boolean owns(Backend backend, Layout layout) {
    return layout instanceof Layout.Packed p && p.backend().equals(backend.name());
  }
}
