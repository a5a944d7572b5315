package unfold.tensor;

/// Element type and shape: all that is known of a value before it exists. Prints as
/// `f32[8x3x32x32]`.
public record TensorType(DType dtype, Shape shape) {
  public static TensorType of(DType dtype, int... dims) {
    return new TensorType(dtype, Shape.of(dims));
  }

  public static TensorType f32(int... dims) {
    return of(DType.F32, dims);
  }

  /// Reads what [#toString] writes.
  public static TensorType parse(String text) {
    int open = text.indexOf('[');
    if (open < 0 || !text.endsWith("]")) {
      throw new IllegalArgumentException("'" + text + "' is not a type such as f32[2x3]");
    }
    return new TensorType(
        DType.parse(text.substring(0, open)),
        Shape.parse(text.substring(open + 1, text.length() - 1)));
  }

  /// Bytes of a dense tensor of this type.
  public long bytes() {
    return Math.multiplyExact(shape.size(), (long) dtype.bytes());
  }

  public TensorType with(DType other) {
    return new TensorType(other, shape);
  }

  public TensorType with(Shape other) {
    return new TensorType(dtype, other);
  }

  @Override
  public String toString() {
    return dtype + "[" + shape + "]";
  }
}
