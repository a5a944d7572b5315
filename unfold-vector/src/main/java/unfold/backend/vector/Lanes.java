package unfold.backend.vector;

import static unfold.backend.vector.Raw.F;
import static unfold.backend.vector.Raw.I;
import static unfold.backend.vector.Raw.clamp;
import static unfold.backend.vector.Raw.f32;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;

/// Steps that several loops share: vectors in, vectors out. They must be compiled into their loops
/// (a vector that is passed to a call is put on the heap), so they stand outside the classes
/// `…Loops`, which must not be compiled into anything.
final class Lanes {
  /// From here on every f32 is an integer.
  private static final float ALL_INTEGERS = 0x1p23f;

  private Lanes() {}

  /// dy where low < z < high, else 0.
  static FloatVector masked(FloatVector dy, FloatVector z, FloatVector low, FloatVector high) {
    return dy.blend(0f, z.compare(VectorOperators.LE, low).or(z.compare(VectorOperators.GE, high)));
  }

  /// v between two bounds; NaN stands for no bound.
  static FloatVector cut(FloatVector v, float low, float high) {
    return clamp(v, FloatVector.broadcast(F, low), FloatVector.broadcast(F, high));
  }

  /// 1 as u8 where a mask holds, else 0.
  static void ones(long address, VectorMask<Float> where) {
    Raw.u8(address, IntVector.zero(I).blend(1, where.cast(I)));
  }

  /// To nearest even: adding and taking away 2²³ (with the sign) rounds what is smaller.
  static IntVector integers(FloatVector v) {
    FloatVector rounder = FloatVector.broadcast(F, ALL_INTEGERS);
    FloatVector signed = rounder.blend(-ALL_INTEGERS, v.lt(0f));
    FloatVector near = v.add(signed).sub(signed);
    FloatVector rounded = near.blend(v, v.abs().compare(VectorOperators.GE, rounder));
    return (IntVector) rounded.convertShape(VectorOperators.F2I, I, 0);
  }

  /// Larger, or the first NaN.
  static VectorMask<Float> wins(FloatVector v, FloatVector most) {
    VectorMask<Float> notLess = v.compare(VectorOperators.LE, most).not();
    return notLess.and(most.compare(VectorOperators.EQ, most));
  }

  /// L places in pooling windows, stored as i32 or as u8.
  static IntVector places(boolean wide, long base, long i) {
    return wide ? Raw.i32(base + 4 * i) : Raw.u8(base + i);
  }

  static void putPlaces(boolean wide, long base, long i, IntVector v) {
    if (wide) {
      Raw.i32(base + 4 * i, v);
    } else {
      Raw.u8(base + i, v);
    }
  }

  /// scale·g + decay·p
  static FloatVector gradient(long g, FloatVector p, float scale, float decay) {
    return f32(g).mul(scale).add(p.mul(decay));
  }
}
