package unfold.tensor;

import java.util.Arrays;
import java.util.List;
import unfold.error.ShapeException;

/// The extents of a tensor, outermost first; rank 0 is a scalar. Immutable. Prints as `8x3x32x32`,
/// a scalar as `()`.
public final class Shape {
  public static final Shape SCALAR = new Shape(new int[0]);

  private final int[] dims;
  private final long size;

  private Shape(int[] dims) {
    this.dims = dims;
    long n = 1;
    for (int d : dims) {
      if (d < 0) {
        throw new ShapeException("shape " + Arrays.toString(dims) + " has a negative extent");
      }
      try {
        n = Math.multiplyExact(n, (long) d);
      } catch (ArithmeticException _) {
        throw new ShapeException("shape " + Arrays.toString(dims) + " has more elements than fit");
      }
    }
    this.size = n;
  }

  public static Shape of(int... dims) {
    return dims.length == 0 ? SCALAR : new Shape(dims.clone());
  }

  public static Shape of(List<Integer> dims) {
    return of(dims.stream().mapToInt(Integer::intValue).toArray());
  }

  /// Reads what [#toString] writes.
  public static Shape parse(String text) {
    if (text.equals("()")) {
      return SCALAR;
    }
    return of(Arrays.stream(text.split("x", -1)).mapToInt(Integer::parseInt).toArray());
  }

  public int rank() {
    return dims.length;
  }

  /// Extent of an axis; negative axes count from the end.
  public int dim(int axis) {
    return dims[axis < 0 ? axis + dims.length : axis];
  }

  /// Number of elements.
  public long size() {
    return size;
  }

  public int[] toArray() {
    return dims.clone();
  }

  public List<Integer> toList() {
    return Arrays.stream(dims).boxed().toList();
  }

  public Shape with(int axis, int extent) {
    int[] copy = dims.clone();
    copy[axis < 0 ? axis + dims.length : axis] = extent;
    return new Shape(copy);
  }

  /// Row-major strides in elements.
  public long[] strides() {
    long[] strides = new long[dims.length];
    long step = 1;
    for (int i = dims.length - 1; i >= 0; i--) {
      strides[i] = step;
      step *= dims[i];
    }
    return strides;
  }

  /// The shape both operands stretch to under NumPy's broadcasting rule.
  public static Shape broadcast(Shape a, Shape b) {
    int rank = Math.max(a.rank(), b.rank());
    int[] out = new int[rank];
    for (int i = 1; i <= rank; i++) {
      int m = i <= a.rank() ? a.dim(-i) : 1;
      int n = i <= b.rank() ? b.dim(-i) : 1;
      if (m != n && m != 1 && n != 1) {
        throw new ShapeException(
            "shapes "
                + a
                + " and "
                + b
                + " do not broadcast: axis -"
                + i
                + " has "
                + m
                + " and "
                + n
                + "; they must be equal or one of them 1");
      }
      out[rank - i] = m == 1 ? n : m;
    }
    return of(out);
  }

  @Override
  public boolean equals(Object o) {
    return o instanceof Shape s && Arrays.equals(dims, s.dims);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(dims);
  }

  @Override
  public String toString() {
    if (dims.length == 0) {
      return "()";
    }
    var text = new StringBuilder();
    for (int d : dims) {
      text.append(text.isEmpty() ? "" : "x").append(d);
    }
    return text.toString();
  }
}
