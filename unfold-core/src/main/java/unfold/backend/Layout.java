package unfold.backend;

import java.util.Arrays;
import java.util.List;
import unfold.tensor.Shape;
import unfold.tensor.TensorType;

/// How the elements of a value lie in memory.
public sealed interface Layout {

  /// Bytes that a value of this type occupies.
  long bytes(TensorType type);

  /// Element (i, j, …) lies at i·strides[0] + j·strides[1] + … elements.
  record Strided(List<Long> strides) implements Layout {
    public Strided {
      strides = List.copyOf(strides);
    }

    @Override
    public long bytes(TensorType type) {
      if (type.shape().size() == 0) {
        return 0;
      }
      long last = 0;
      for (int i = 0; i < strides.size(); i++) {
        last += (type.shape().dim(i) - 1L) * strides.get(i);
      }
      return (last + 1) * type.dtype().bytes();
    }

    @Override
    public String toString() {
      return "strides" + strides;
    }
  }

  /// An order of elements that only one backend understands. Two are equal if their descriptors
  /// are. A value's padding, if it has any, is zero.
  ///
  /// @param backend who understands it
  /// @param descriptor compares by content
  /// @param label for people: `OhwI64o2i`
  record Packed(String backend, Object descriptor, long size, String label) implements Layout {
    @Override
    public long bytes(TensorType type) {
      return size;
    }

    @Override
    public String toString() {
      return label;
    }
  }

  /// The layout values have unless a kernel asks for another: channels-last (N, H, W, C in memory
  /// for N×C×H×W) for rank 4, else row-major.
  static Strided standard(Shape shape) {
    if (shape.rank() != 4) {
      return rowMajor(shape);
    }
    long c = shape.dim(1);
    long h = shape.dim(2);
    long w = shape.dim(3);
    return new Strided(List.of(h * w * c, 1L, w * c, c));
  }

  static Strided rowMajor(Shape shape) {
    return new Strided(Arrays.stream(shape.strides()).boxed().toList());
  }

  /// Whether the elements of a value lie in the order of [#standard] without holes. Strides of axes
  /// of extent 1 do not matter.
  static boolean isStandard(Layout layout, Shape shape) {
    if (!(layout instanceof Strided s)) {
      return false;
    }
    var wanted = standard(shape).strides();
    for (int i = 0; i < shape.rank(); i++) {
      if (shape.dim(i) > 1 && !s.strides().get(i).equals(wanted.get(i))) {
        return false;
      }
    }
    return true;
  }
}
