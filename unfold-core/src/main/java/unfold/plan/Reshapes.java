package unfold.plan;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import unfold.backend.Layout;
import unfold.tensor.Shape;

/// Seeing memory under another shape without moving it.
final class Reshapes {
  private Reshapes() {}

  /// Strides under which the memory of a value of shape `from` holds, in row-major order, the same
  /// elements of shape `to`; empty if there are none.
  ///
  /// Walks both shapes from the left in groups of axes with equal products; the axes of a group
  /// must be evenly spaced in memory. Axes of extent 1 fit anywhere.
  static Optional<Layout.Strided> view(Layout layout, Shape from, Shape to) {
    if (from.size() == 0) {
      return Optional.of(Layout.standard(to));
    }
    if (!(layout instanceof Layout.Strided old)) {
      return Optional.empty();
    }
    var extents = new ArrayList<Integer>();
    var strides = new ArrayList<Long>();
    for (int i = 0; i < from.rank(); i++) {
      if (from.dim(i) > 1) {
        extents.add(from.dim(i));
        strides.add(old.strides().get(i));
      }
    }
    var result = new ArrayList<Long>();
    int at = 0;
    int axis = 0;
    while (axis < to.rank()) {
      if (to.dim(axis) == 1) {
        result.add(1L);
        axis++;
        continue;
      }
      int oldEnd = at + 1;
      int newEnd = axis + 1;
      long oldSize = extents.get(at);
      long newSize = to.dim(axis);
      while (oldSize != newSize) {
        if (oldSize < newSize) {
          oldSize *= extents.get(oldEnd++);
        } else {
          newSize *= to.dim(newEnd++);
        }
      }
      for (int i = at; i + 1 < oldEnd; i++) {
        if (strides.get(i) != strides.get(i + 1) * extents.get(i + 1)) {
          return Optional.empty();
        }
      }
      result.addAll(spread(strides.get(oldEnd - 1), to, axis, newEnd));
      at = oldEnd;
      axis = newEnd;
    }
    return Optional.of(new Layout.Strided(result));
  }

  /// Row-major strides of the axes from … to−1 whose last has stride `last`.
  private static List<Long> spread(long last, Shape shape, int from, int to) {
    var strides = new ArrayList<Long>();
    long stride = last;
    for (int i = to - 1; i >= from; i--) {
      strides.addFirst(stride);
      stride *= shape.dim(i);
    }
    return strides;
  }
}
