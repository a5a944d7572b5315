package unfold.backend.vector;

import static unfold.backend.vector.Raw.F;
import static unfold.backend.vector.Raw.L;
import static unfold.backend.vector.Raw.load;
import static unfold.backend.vector.Raw.store;

import java.util.Optional;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;
import unfold.tensor.DType;

/// The same numbers in another element type. n is a multiple of the vector length.
final class CastLoops {
  private CastLoops() {}

  /// y = x in another type.
  @FunctionalInterface
  interface Cast {
    void run(long x, long y, int n);
  }

  /// Empty for f64 and between integers.
  static Optional<Cast> of(DType from, DType to) {
    return Optional.ofNullable(
        switch (from) {
          case F32 ->
              switch (to) {
                case BF16 -> CastLoops::narrow;
                case U8 -> (x, y, n) -> toU8(false, x, y, n);
                case I32 -> (x, y, n) -> toI32(false, x, y, n);
                case F32, F64 -> null;
              };
          case BF16 ->
              switch (to) {
                case F32 -> CastLoops::widen;
                case U8 -> (x, y, n) -> toU8(true, x, y, n);
                case I32 -> (x, y, n) -> toI32(true, x, y, n);
                case BF16, F64 -> null;
              };
          case U8 ->
              switch (to) {
                case F32 -> (x, y, n) -> fromU8(false, x, y, n);
                case BF16 -> (x, y, n) -> fromU8(true, x, y, n);
                case U8, I32, F64 -> null;
              };
          case I32 ->
              switch (to) {
                case F32 -> (x, y, n) -> fromI32(false, x, y, n);
                case BF16 -> (x, y, n) -> fromI32(true, x, y, n);
                case U8, I32, F64 -> null;
              };
          case F64 -> null;
        });
  }

  /// f32 → bf16. Any NaN stays one: its quiet bit is set and the rest of it not rounded.
  static void narrow(long x, long y, int n) {
    for (int i = 0; i < n; i += L) {
      FloatVector v = Raw.f32(x + 4L * i);
      IntVector bits = v.reinterpretAsInts();
      IntVector quiet = bits.and(0xFFFF0000).or(0x400000);
      FloatVector safe = v.blend(quiet.reinterpretAsFloats(), v.test(VectorOperators.IS_NAN));
      Raw.bf16(y + 2L * i, safe);
    }
  }

  static void widen(long x, long y, int n) {
    for (int i = 0; i < n; i += L) {
      Raw.f32(y + 4L * i, Raw.bf16(x + 2L * i));
    }
  }

  private static void fromU8(boolean bf16, long x, long y, int n) {
    for (int i = 0; i < n; i += L) {
      store(bf16, y, i, (FloatVector) Raw.u8(x + i).convertShape(VectorOperators.I2F, F, 0));
    }
  }

  private static void fromI32(boolean bf16, long x, long y, int n) {
    for (int i = 0; i < n; i += L) {
      store(bf16, y, i, (FloatVector) Raw.i32(x + 4L * i).convertShape(VectorOperators.I2F, F, 0));
    }
  }

  /// Rounded to nearest even, kept in 0 … 255; NaN gives 0.
  private static void toU8(boolean bf16, long x, long y, int n) {
    for (int i = 0; i < n; i += L) {
      FloatVector low = FloatVector.zero(F);
      FloatVector v = Raw.clamp(load(bf16, x, i), low, FloatVector.broadcast(F, 255f));
      Raw.u8(y + i, Lanes.integers(v));
    }
  }

  private static void toI32(boolean bf16, long x, long y, int n) {
    for (int i = 0; i < n; i += L) {
      Raw.i32(y + 4L * i, Lanes.integers(load(bf16, x, i)));
    }
  }

  /// y = x·a + b for a u8 picture, n elements of each row of a [Grid]; the tiles of a and b follow
  /// each other.
  static void normalize(boolean bf16, long x, long y, int period, int n, long rows, long tile) {
    for (long r = 0; r < rows; r++) {
      long from = x + r * period;
      long to = y + (r * period << Raw.shift(bf16));
      for (int j = 0; j < n; j += L) {
        FloatVector v = (FloatVector) Raw.u8(from + j).convertShape(VectorOperators.I2F, F, 0);
        store(bf16, to, j, v.fma(Raw.f32(tile + 4L * j), Raw.f32(tile + 4L * (period + j))));
      }
    }
  }
}
