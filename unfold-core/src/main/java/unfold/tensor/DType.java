package unfold.tensor;

/// The element types.
public enum DType {
  F64("f64", 8),
  F32("f32", 4),
  BF16("bf16", 2),
  I32("i32", 4),
  U8("u8", 1);

  private final String text;
  private final int bytes;

  DType(String text, int bytes) {
    this.text = text;
    this.bytes = bytes;
  }

  public int bytes() {
    return bytes;
  }

  /// Real-valued: gradients can have this type.
  public boolean isFloat() {
    return this == F64 || this == F32 || this == BF16;
  }

  public static DType parse(String text) {
    for (DType d : values()) {
      if (d.text.equals(text)) {
        return d;
      }
    }
    throw new IllegalArgumentException("unknown element type '" + text + "'");
  }

  @Override
  public String toString() {
    return text;
  }
}
