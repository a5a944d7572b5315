package unfold.layer;

import unfold.error.ShapeException;
import unfold.tensor.Shape;

/// Connections of one unit of a weight [O × I × positions…].
public enum Fan {
  /// that it reads: I · positions
  IN(1),
  /// that read it: O · positions
  OUT(0);

  private final int axis;

  Fan(int axis) {
    this.axis = axis;
  }

  public long of(Shape weight) {
    if (weight.rank() < 2) {
      throw new ShapeException(
          "an initialiser that counts connections needs a weight [O×I…], not [" + weight + "]");
    }
    return weight.size() / Math.max(1, weight.dim(1 - axis));
  }
}
