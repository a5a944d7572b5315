package unfold.backend.vector;

import static unfold.backend.vector.Raw.F;
import static unfold.backend.vector.Raw.L;
import static unfold.backend.vector.Raw.load;
import static unfold.backend.vector.Raw.store;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;
import unfold.op.Pointwise.UnaryFunction;

/// Functions of one number.
final class UnaryLoops {
  private static final float EXP_OVERFLOW = 88.722839f;

  private UnaryLoops() {}

  static Flat.One of(UnaryFunction function) {
    return switch (function) {
      case NEGATE -> (b, x, y, n) -> affine(b, x, y, n, -1, 0);
      case ABS -> UnaryLoops::abs;
      case EXP -> UnaryLoops::exp;
      case LOG -> UnaryLoops::log;
      case SQRT -> UnaryLoops::sqrt;
      case RECIPROCAL -> UnaryLoops::reciprocal;
      case SQUARE -> UnaryLoops::square;
      case SIGN -> UnaryLoops::sign;
    };
  }

  /// y = scale·x + shift
  static void affine(boolean bf16, long x, long y, int n, float scale, float shift) {
    for (int i = 0; i < n; i += L) {
      FloatVector v = load(bf16, x, i);
      store(bf16, y, i, v.fma(FloatVector.broadcast(F, scale), FloatVector.broadcast(F, shift)));
    }
  }

  private static void abs(boolean bf16, long x, long y, int n) {
    for (int i = 0; i < n; i += L) {
      store(bf16, y, i, load(bf16, x, i).abs());
    }
  }

  /// In two halves, so that it over- and underflows where eˣ does.
  private static void exp(boolean bf16, long x, long y, int n) {
    for (int i = 0; i < n; i += L) {
      FloatVector v = load(bf16, x, i);
      FloatVector half = VectorMath.exp(v.mul(0.5f));
      FloatVector small = VectorMath.exp(v);
      var extreme = v.abs().compare(VectorOperators.GT, 87f);
      FloatVector large =
          half.mul(half)
              .blend(Float.POSITIVE_INFINITY, v.compare(VectorOperators.GT, EXP_OVERFLOW));
      store(bf16, y, i, small.blend(large, extreme));
    }
  }

  private static void log(boolean bf16, long x, long y, int n) {
    for (int i = 0; i < n; i += L) {
      store(bf16, y, i, VectorMath.log(load(bf16, x, i)));
    }
  }

  private static void sqrt(boolean bf16, long x, long y, int n) {
    for (int i = 0; i < n; i += L) {
      store(bf16, y, i, load(bf16, x, i).sqrt());
    }
  }

  private static void reciprocal(boolean bf16, long x, long y, int n) {
    for (int i = 0; i < n; i += L) {
      store(bf16, y, i, FloatVector.broadcast(F, 1f).div(load(bf16, x, i)));
    }
  }

  private static void square(boolean bf16, long x, long y, int n) {
    for (int i = 0; i < n; i += L) {
      FloatVector v = load(bf16, x, i);
      store(bf16, y, i, v.mul(v));
    }
  }

  private static void sign(boolean bf16, long x, long y, int n) {
    for (int i = 0; i < n; i += L) {
      FloatVector v = load(bf16, x, i);
      FloatVector s = v.blend(1f, v.compare(VectorOperators.GT, 0f));
      store(bf16, y, i, s.blend(-1f, v.lt(0f)));
    }
  }
}
