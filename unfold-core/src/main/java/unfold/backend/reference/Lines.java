package unfold.backend.reference;

import unfold.tensor.Shape;

/// A value seen as lines along one axis: element i of line l.
record Lines(long outer, int extent, long inner) {
  static Lines along(Shape shape, int axis) {
    long outer = 1;
    long inner = 1;
    for (int i = 0; i < shape.rank(); i++) {
      if (i < axis) {
        outer *= shape.dim(i);
      } else if (i > axis) {
        inner *= shape.dim(i);
      }
    }
    return new Lines(outer, shape.dim(axis), inner);
  }

  long count() {
    return outer * inner;
  }

  long at(long line, int i) {
    return (line / inner * extent + i) * inner + line % inner;
  }
}
