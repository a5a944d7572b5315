package unfold.tensor;

/// bfloat16 as the upper half of an f32, rounded to nearest even. NaN stays NaN.
public final class Bf16 {
  private Bf16() {}

  public static float toFloat(short bits) {
    return Float.intBitsToFloat(bits << 16);
  }

  public static short fromFloat(float value) {
    int bits = Float.floatToRawIntBits(value);
    if (Float.isNaN(value)) {
      return (short) ((bits >>> 16) | 0x40);
    }
    return (short) ((bits + 0x7FFF + ((bits >>> 16) & 1)) >>> 16);
  }

  /// Rounds once: a detour over f32 could round twice, up to a tie and then over it.
  public static short fromDouble(double value) {
    float near = (float) value;
    int bits = Float.floatToRawIntBits(near);
    if ((bits & 0xFFFF) == 0x8000 && near != value) {
      bits += Math.abs(value) > Math.abs(near) ? 1 : -1;
    }
    return fromFloat(Float.intBitsToFloat(bits));
  }

  /// The value after a trip through bfloat16.
  public static float round(float value) {
    return toFloat(fromFloat(value));
  }
}
