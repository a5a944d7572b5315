package unfold.backend.reference;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import unfold.tensor.Shape;

/// A value as the kernels see it: doubles in row-major order under a shape.
final class Numbers {
  static final int BYTES = Double.BYTES;
  private static final ValueLayout.OfDouble DOUBLE = ValueLayout.JAVA_DOUBLE_UNALIGNED;

  private final Shape shape;
  private final MemorySegment data;

  private Numbers(Shape shape, MemorySegment data) {
    this.shape = shape;
    this.data = data;
  }

  /// Zeros in memory of their own.
  static Numbers zeros(Shape shape) {
    return new Numbers(shape, Arena.ofAuto().allocate(Math.max(1, shape.size() * BYTES), BYTES));
  }

  /// Whatever the memory holds.
  static Numbers over(Shape shape, MemorySegment data) {
    return new Numbers(shape, data.asSlice(0, shape.size() * BYTES));
  }

  Shape shape() {
    return shape;
  }

  int dim(int axis) {
    return shape.dim(axis);
  }

  long size() {
    return shape.size();
  }

  double get(long i) {
    return data.getAtIndex(DOUBLE, i);
  }

  void set(long i, double value) {
    data.setAtIndex(DOUBLE, i, value);
  }

  void add(long i, double value) {
    set(i, get(i) + value);
  }

  void fill(double value) {
    for (long i = 0; i < size(); i++) {
      set(i, value);
    }
  }

  /// The place of element (a, b, c, d) of a value of rank 4.
  long index(int a, int b, int c, int d) {
    return (((long) a * dim(1) + b) * dim(2) + c) * dim(3) + d;
  }

  double get(int a, int b, int c, int d) {
    return get(index(a, b, c, d));
  }

  void set(int a, int b, int c, int d, double value) {
    set(index(a, b, c, d), value);
  }

  void add(int a, int b, int c, int d, double value) {
    add(index(a, b, c, d), value);
  }
}
