package unfold.backend.vector;

import static unfold.backend.vector.Raw.F;
import static unfold.backend.vector.Raw.L;
import static unfold.backend.vector.Raw.clamp;
import static unfold.backend.vector.Raw.load;
import static unfold.backend.vector.Raw.store;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;

/// y = act(x), a loop for each activation.
final class ActivationLoops {
  private ActivationLoops() {}

  /// min(max(x, low), high); NaN stands for no bound.
  static void cut(boolean bf16, long x, long y, int n, float low, float high) {
    for (int i = 0; i < n; i += L) {
      FloatVector lowest = FloatVector.broadcast(F, low);
      FloatVector highest = FloatVector.broadcast(F, high);
      store(bf16, y, i, clamp(load(bf16, x, i), lowest, highest));
    }
  }

  static void leakyRelu(boolean bf16, long x, long y, int n, float slope) {
    for (int i = 0; i < n; i += L) {
      FloatVector v = load(bf16, x, i);
      store(bf16, y, i, v.blend(v.mul(slope), v.lt(0f)));
    }
  }

  static void elu(boolean bf16, long x, long y, int n, float alpha) {
    for (int i = 0; i < n; i += L) {
      FloatVector v = load(bf16, x, i);
      store(bf16, y, i, v.blend(VectorMath.expm1(v).mul(alpha), v.lt(0f)));
    }
  }

  static void gelu(boolean bf16, long x, long y, int n) {
    for (int i = 0; i < n; i += L) {
      FloatVector v = load(bf16, x, i);
      store(bf16, y, i, v.mul(VectorMath.normal(v)));
    }
  }

  static void silu(boolean bf16, long x, long y, int n) {
    for (int i = 0; i < n; i += L) {
      FloatVector v = load(bf16, x, i);
      store(bf16, y, i, v.mul(VectorMath.sigmoid(v)));
    }
  }

  static void hardSwish(boolean bf16, long x, long y, int n) {
    for (int i = 0; i < n; i += L) {
      FloatVector v = load(bf16, x, i);
      FloatVector six = FloatVector.broadcast(F, 6f);
      store(bf16, y, i, v.mul(clamp(v.add(3f), FloatVector.zero(F), six)).div(six));
    }
  }

  static void hardSigmoid(boolean bf16, long x, long y, int n) {
    for (int i = 0; i < n; i += L) {
      FloatVector v = load(bf16, x, i).add(3f);
      FloatVector six = FloatVector.broadcast(F, 6f);
      store(bf16, y, i, clamp(v, FloatVector.zero(F), six).div(six));
    }
  }

  static void sigmoid(boolean bf16, long x, long y, int n) {
    for (int i = 0; i < n; i += L) {
      store(bf16, y, i, VectorMath.sigmoid(load(bf16, x, i)));
    }
  }

  static void tanh(boolean bf16, long x, long y, int n) {
    for (int i = 0; i < n; i += L) {
      store(bf16, y, i, VectorMath.tanh(load(bf16, x, i)));
    }
  }

  static void softplus(boolean bf16, long x, long y, int n) {
    for (int i = 0; i < n; i += L) {
      store(bf16, y, i, VectorMath.softplus(load(bf16, x, i)));
    }
  }

  /// dx = dy where low < known < high, else 0.
  static void cutGrad(boolean bf16, long dy, long known, long dx, int n, float low, float high) {
    for (int i = 0; i < n; i += L) {
      FloatVector v = load(bf16, known, i);
      var out =
          v.compare(VectorOperators.LE, FloatVector.broadcast(F, low))
              .or(v.compare(VectorOperators.GE, FloatVector.broadcast(F, high)));
      store(bf16, dx, i, load(bf16, dy, i).blend(0f, out));
    }
  }

  static void leakyReluGrad(boolean bf16, long dy, long known, long dx, int n, float slope) {
    for (int i = 0; i < n; i += L) {
      FloatVector g = load(bf16, dy, i);
      var left = load(bf16, known, i).compare(VectorOperators.LE, 0f);
      store(bf16, dx, i, g.blend(g.mul(slope), left));
    }
  }

  static void eluGrad(boolean bf16, long dy, long known, long dx, int n, float alpha) {
    for (int i = 0; i < n; i += L) {
      FloatVector g = load(bf16, dy, i);
      FloatVector y = load(bf16, known, i);
      store(bf16, dx, i, g.blend(g.mul(y.add(alpha)), y.compare(VectorOperators.LE, 0f)));
    }
  }

  static void geluGrad(boolean bf16, long dy, long known, long dx, int n) {
    for (int i = 0; i < n; i += L) {
      FloatVector x = load(bf16, known, i);
      FloatVector slope = x.fma(VectorMath.density(x), VectorMath.normal(x));
      store(bf16, dx, i, load(bf16, dy, i).mul(slope));
    }
  }

  static void siluGrad(boolean bf16, long dy, long known, long dx, int n) {
    for (int i = 0; i < n; i += L) {
      FloatVector x = load(bf16, known, i);
      FloatVector s = VectorMath.sigmoid(x);
      FloatVector one = FloatVector.broadcast(F, 1f);
      store(bf16, dx, i, load(bf16, dy, i).mul(s.mul(x.fma(one.sub(s), one))));
    }
  }

  static void hardSwishGrad(boolean bf16, long dy, long known, long dx, int n) {
    for (int i = 0; i < n; i += L) {
      FloatVector x = load(bf16, known, i);
      FloatVector slope = x.div(3f).add(0.5f);
      slope = slope.blend(0f, x.compare(VectorOperators.LE, -3f));
      slope = slope.blend(1f, x.compare(VectorOperators.GE, 3f));
      store(bf16, dx, i, load(bf16, dy, i).mul(slope));
    }
  }

  static void hardSigmoidGrad(boolean bf16, long dy, long known, long dx, int n) {
    for (int i = 0; i < n; i += L) {
      FloatVector x = load(bf16, known, i);
      var flat = x.compare(VectorOperators.LE, -3f).or(x.compare(VectorOperators.GE, 3f));
      store(bf16, dx, i, load(bf16, dy, i).div(6f).blend(0f, flat));
    }
  }

  static void sigmoidGrad(boolean bf16, long dy, long known, long dx, int n) {
    for (int i = 0; i < n; i += L) {
      FloatVector y = load(bf16, known, i);
      FloatVector one = FloatVector.broadcast(F, 1f);
      store(bf16, dx, i, load(bf16, dy, i).mul(y.mul(one.sub(y))));
    }
  }

  static void tanhGrad(boolean bf16, long dy, long known, long dx, int n) {
    for (int i = 0; i < n; i += L) {
      FloatVector y = load(bf16, known, i);
      FloatVector one = FloatVector.broadcast(F, 1f);
      store(bf16, dx, i, load(bf16, dy, i).mul(one.sub(y.mul(y))));
    }
  }

  static void softplusGrad(boolean bf16, long dy, long known, long dx, int n) {
    for (int i = 0; i < n; i += L) {
      FloatVector slope = VectorMath.sigmoid(load(bf16, known, i));
      store(bf16, dx, i, load(bf16, dy, i).mul(slope));
    }
  }
}
