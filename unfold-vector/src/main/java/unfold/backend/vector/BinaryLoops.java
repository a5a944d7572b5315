package unfold.backend.vector;

import static unfold.backend.vector.Raw.F;
import static unfold.backend.vector.Raw.L;
import static unfold.backend.vector.Raw.load;
import static unfold.backend.vector.Raw.store;

import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import unfold.op.Pointwise.BinaryFunction;
import unfold.op.Pointwise.Relation;

/// Functions of two numbers, cut off at bounds; comparisons; choices.
final class BinaryLoops {
  private BinaryLoops() {}

  static Flat.Two of(BinaryFunction function, Bounds bounds) {
    float low = bounds.low();
    float high = bounds.high();
    return switch (function) {
      case ADD -> (bf16, a, b, y, n) -> add(bf16, a, b, y, n, low, high);
      case SUBTRACT -> (bf16, a, b, y, n) -> subtract(bf16, a, b, y, n, low, high);
      case MULTIPLY -> (bf16, a, b, y, n) -> multiply(bf16, a, b, y, n, low, high);
      case DIVIDE -> (bf16, a, b, y, n) -> divide(bf16, a, b, y, n, low, high);
      case MAXIMUM -> (bf16, a, b, y, n) -> maximum(bf16, a, b, y, n, low, high);
      case MINIMUM -> (bf16, a, b, y, n) -> minimum(bf16, a, b, y, n, low, high);
      case POWER -> (bf16, a, b, y, n) -> power(bf16, a, b, y, n, low, high);
    };
  }

  private static void add(boolean bf16, long a, long b, long y, int n, float low, float high) {
    for (int i = 0; i < n; i += L) {
      store(bf16, y, i, Lanes.cut(load(bf16, a, i).add(load(bf16, b, i)), low, high));
    }
  }

  private static void subtract(boolean bf16, long a, long b, long y, int n, float low, float high) {
    for (int i = 0; i < n; i += L) {
      store(bf16, y, i, Lanes.cut(load(bf16, a, i).sub(load(bf16, b, i)), low, high));
    }
  }

  private static void multiply(boolean bf16, long a, long b, long y, int n, float low, float high) {
    for (int i = 0; i < n; i += L) {
      store(bf16, y, i, Lanes.cut(load(bf16, a, i).mul(load(bf16, b, i)), low, high));
    }
  }

  private static void divide(boolean bf16, long a, long b, long y, int n, float low, float high) {
    for (int i = 0; i < n; i += L) {
      store(bf16, y, i, Lanes.cut(load(bf16, a, i).div(load(bf16, b, i)), low, high));
    }
  }

  private static void maximum(boolean bf16, long a, long b, long y, int n, float low, float high) {
    for (int i = 0; i < n; i += L) {
      store(bf16, y, i, Lanes.cut(load(bf16, a, i).max(load(bf16, b, i)), low, high));
    }
  }

  private static void minimum(boolean bf16, long a, long b, long y, int n, float low, float high) {
    for (int i = 0; i < n; i += L) {
      store(bf16, y, i, Lanes.cut(load(bf16, a, i).min(load(bf16, b, i)), low, high));
    }
  }

  /// One at a time: the lanes' own power has other bits in the interpreter than in compiled code.
  private static void power(boolean bf16, long a, long b, long y, int n, float low, float high) {
    for (int i = 0; i < n; i++) {
      float v = (float) Math.pow(Raw.get(bf16, a, i), Raw.get(bf16, b, i));
      Raw.put(bf16, y, i, v < low ? low : v > high ? high : v);
    }
  }

  /// y (u8) = 1 where the relation holds, else 0.
  static Flat.Two of(Relation relation) {
    return switch (relation) {
      case LESS -> (bf16, a, b, y, n) -> less(bf16, a, b, y, n);
      case LESS_EQUAL -> (bf16, a, b, y, n) -> lessEqual(bf16, a, b, y, n);
      case EQUAL -> (bf16, a, b, y, n) -> equal(bf16, a, b, y, n);
      case NOT_EQUAL -> (bf16, a, b, y, n) -> notEqual(bf16, a, b, y, n);
      case GREATER -> (bf16, a, b, y, n) -> less(bf16, b, a, y, n);
      case GREATER_EQUAL -> (bf16, a, b, y, n) -> lessEqual(bf16, b, a, y, n);
    };
  }

  private static void less(boolean bf16, long a, long b, long y, int n) {
    for (int i = 0; i < n; i += L) {
      Lanes.ones(y + i, load(bf16, a, i).compare(VectorOperators.LT, load(bf16, b, i)));
    }
  }

  private static void lessEqual(boolean bf16, long a, long b, long y, int n) {
    for (int i = 0; i < n; i += L) {
      Lanes.ones(y + i, load(bf16, a, i).compare(VectorOperators.LE, load(bf16, b, i)));
    }
  }

  private static void equal(boolean bf16, long a, long b, long y, int n) {
    for (int i = 0; i < n; i += L) {
      Lanes.ones(y + i, load(bf16, a, i).compare(VectorOperators.EQ, load(bf16, b, i)));
    }
  }

  private static void notEqual(boolean bf16, long a, long b, long y, int n) {
    for (int i = 0; i < n; i += L) {
      Lanes.ones(y + i, load(bf16, a, i).compare(VectorOperators.NE, load(bf16, b, i)));
    }
  }

  /// y = a where the condition (u8) is not 0, else b.
  static void select(boolean bf16, long condition, long a, long b, long y, int n) {
    for (int i = 0; i < n; i += L) {
      VectorMask<Integer> chosen = Raw.u8(condition + i).compare(VectorOperators.NE, 0);
      store(bf16, y, i, load(bf16, b, i).blend(load(bf16, a, i), chosen.cast(F)));
    }
  }
}
