package unfold.interop;

import unfold.tensor.DType;

/// What the numbers of a file may be, and as what they come into memory: as they are where Unfold
/// has the type, else exactly in a wider one. Whole numbers of 64 bits must fit into 32.
public enum ElementType {
  F64("f64", 8, DType.F64),
  F32("f32", 4, DType.F32),
  BF16("bf16", 2, DType.BF16),
  F16("f16", 2, DType.F32),
  I64("i64", 8, DType.I32),
  I32("i32", 4, DType.I32),
  I16("i16", 2, DType.I32),
  I8("i8", 1, DType.I32),
  U8("u8", 1, DType.U8),
  BOOL("bool", 1, DType.U8);

  private final String text;
  private final int bytes;
  private final DType readAs;

  ElementType(String text, int bytes, DType readAs) {
    this.text = text;
    this.bytes = bytes;
    this.readAs = readAs;
  }

  /// The type of numbers in memory.
  public static ElementType of(DType dtype) {
    return switch (dtype) {
      case F64 -> F64;
      case F32 -> F32;
      case BF16 -> BF16;
      case I32 -> I32;
      case U8 -> U8;
    };
  }

  public int bytes() {
    return bytes;
  }

  public DType readAs() {
    return readAs;
  }

  /// Whether the bytes of the file are those in memory.
  boolean asItIs() {
    return bytes == readAs.bytes();
  }

  @Override
  public String toString() {
    return text;
  }
}
