package unfold.backend.vector;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import unfold.tensor.Shape;

/// Axes fine enough that two shapes of one size both arise by joining neighbours of them: [6] and
/// [2x3] have [2x3], [4x6] and [8x3] have [4x2x3].
///
/// @param extents of the fine axes
/// @param inFirst for each the axis of the first shape it is a piece of
/// @param inSecond likewise
record Refinement(List<Integer> extents, List<Integer> inFirst, List<Integer> inSecond) {

  Refinement {
    extents = List.copyOf(extents);
    inFirst = List.copyOf(inFirst);
    inSecond = List.copyOf(inSecond);
  }

  /// Empty if there are none, as for [2x3] and [3x2].
  static Optional<Refinement> of(Shape first, Shape second) {
    var extents = new ArrayList<Integer>();
    var inFirst = new ArrayList<Integer>();
    var inSecond = new ArrayList<Integer>();
    int i = first.rank() - 1;
    int j = second.rank() - 1;
    int left = i < 0 ? 1 : first.dim(i);
    int right = j < 0 ? 1 : second.dim(j);
    while (i >= 0 && j >= 0) {
      int piece = Math.min(left, right);
      if (left % piece != 0 || right % piece != 0) {
        return Optional.empty();
      }
      if (piece > 1) {
        extents.addFirst(piece);
        inFirst.addFirst(i);
        inSecond.addFirst(j);
      }
      left /= piece;
      right /= piece;
      if (left == 1 && --i >= 0) {
        left = first.dim(i);
      }
      if (right == 1 && --j >= 0) {
        right = second.dim(j);
      }
    }
    return Optional.of(new Refinement(extents, inFirst, inSecond));
  }

  /// Strides of the fine axes in a memory in which the first shape's axes have these strides.
  List<Long> first(List<Long> strides) {
    return fine(inFirst, strides);
  }

  List<Long> second(List<Long> strides) {
    return fine(inSecond, strides);
  }

  private List<Long> fine(List<Integer> axes, List<Long> strides) {
    var list = new ArrayList<Long>();
    for (int k = 0; k < extents.size(); k++) {
      long stride = strides.get(axes.get(k));
      for (int inner = k + 1;
          inner < extents.size() && axes.get(inner).equals(axes.get(k));
          inner++) {
        stride *= extents.get(inner);
      }
      list.add(stride);
    }
    return list;
  }
}
