package unfold.backend.reference;

import unfold.tensor.Shape;

/// Where elements lie, by their number in row-major order.
final class Strides {
  private Strides() {}

  /// Σ index·stride, for the index that is element i of a shape in row-major order.
  static long offset(long i, Shape shape, long[] strides) {
    long offset = 0;
    for (int axis = shape.rank() - 1; axis >= 0; axis--) {
      offset += i % shape.dim(axis) * strides[axis];
      i /= shape.dim(axis);
    }
    return offset;
  }

  /// Strides with which a row-major value of shape `from` is seen under shape `to`: axes of extent
  /// 1 and missing leading axes repeat (stride 0).
  static long[] stretched(Shape from, Shape to) {
    long[] dense = from.strides();
    long[] strides = new long[to.rank()];
    int missing = to.rank() - from.rank();
    for (int axis = missing; axis < to.rank(); axis++) {
      strides[axis] = from.dim(axis - missing) == 1 ? 0 : dense[axis - missing];
    }
    return strides;
  }
}
