package unfold.backend.vector;

import static unfold.backend.vector.Raw.F;
import static unfold.backend.vector.Raw.L;
import static unfold.backend.vector.Raw.f32;
import static unfold.backend.vector.Raw.load;
import static unfold.backend.vector.Raw.store;

import jdk.incubator.vector.FloatVector;

/// Loops over the units of one row of a recurrent step; n is a multiple of the vector length. Wide
/// values (`…32` in the names of buffers below) are f32 whatever the gates are.
final class GateLoops {
  private GateLoops() {}

  /// wide = p + u
  static void sum(boolean bf16, long p, long u, long wide, int n) {
    for (int i = 0; i < n; i += L) {
      f32(wide + 4L * i, load(bf16, p, i).add(f32(u + 4L * i)));
    }
  }

  /// wide = σ(p + u)
  static void sigmoid(boolean bf16, long p, long u, long wide, int n) {
    for (int i = 0; i < n; i += L) {
      f32(wide + 4L * i, VectorMath.gate(load(bf16, p, i).add(f32(u + 4L * i))));
    }
  }

  /// wide = tanh(p + u)
  static void tanh(boolean bf16, long p, long u, long wide, int n) {
    for (int i = 0; i < n; i += L) {
      f32(wide + 4L * i, VectorMath.tanh(load(bf16, p, i).add(f32(u + 4L * i))));
    }
  }

  /// wide = tanh(p + r·u)
  static void tanhOfReset(boolean bf16, long p, long r, long u, long wide, int n) {
    for (int i = 0; i < n; i += L) {
      FloatVector a = f32(r + 4L * i).fma(f32(u + 4L * i), load(bf16, p, i));
      f32(wide + 4L * i, VectorMath.tanh(a));
    }
  }

  /// dp = (dy + later)·(1 − h²)
  static void tanhGrad(boolean bf16, long dy, long later, long h, long dp, int n) {
    for (int i = 0; i < n; i += L) {
      FloatVector y = load(bf16, h, i);
      FloatVector one = FloatVector.broadcast(F, 1f);
      FloatVector d = load(bf16, dy, i).add(f32(later + 4L * i));
      store(bf16, dp, i, d.mul(one.sub(y.mul(y))));
    }
  }

  /// y = x, rounded.
  static void narrow(boolean bf16, long wide, long y, int n) {
    for (int i = 0; i < n; i += L) {
      store(bf16, y, i, f32(wide + 4L * i));
    }
  }

  /// wide = x
  static void widen(boolean bf16, long x, long wide, int n) {
    for (int i = 0; i < n; i += L) {
      f32(wide + 4L * i, load(bf16, x, i));
    }
  }

  /// a += v·c
  static void addProduct(long v, long c, long a, int n) {
    for (int i = 0; i < n; i += L) {
      f32(a + 4L * i, f32(v + 4L * i).fma(f32(c + 4L * i), f32(a + 4L * i)));
    }
  }

  /// a = σ(a)
  static void sigmoid(long a, int n) {
    for (int i = 0; i < n; i += L) {
      f32(a + 4L * i, VectorMath.gate(f32(a + 4L * i)));
    }
  }

  /// next = f·c + i·g
  static void cell(long i, long f, long g, long c, long next, int n) {
    for (long at = 0; at < 4L * n; at += 4L * L) {
      f32(next + at, f32(f + at).fma(f32(c + at), f32(i + at).mul(f32(g + at))));
    }
  }

  /// h = o·tanh(c)
  static void output(boolean bf16, long o, long c, long h, int n) {
    for (int i = 0; i < n; i += L) {
      store(bf16, h, i, f32(o + 4L * i).mul(VectorMath.tanh(f32(c + 4L * i))));
    }
  }

  /// h′ = n + z·(h − n)
  static void mixed(boolean bf16, long z, long n, long h, long next, int count) {
    for (int i = 0; i < count; i += L) {
      FloatVector candidate = f32(n + 4L * i);
      store(bf16, next, i, f32(z + 4L * i).fma(load(bf16, h, i).sub(candidate), candidate));
    }
  }

  /// y = r·h
  static void reset(boolean bf16, long r, long h, long y, int n) {
    for (int i = 0; i < n; i += L) {
      store(bf16, y, i, f32(r + 4L * i).mul(load(bf16, h, i)));
    }
  }

  // Backwards. dh is the sum of what comes from outside and from the later step.

  /// dh = dy + later; do = dh·tanh(c′)·o·(1 − o); dc += dh·o·(1 − tanh²c′). The sum dh·o·(…) goes
  /// to `dc`, the gradient of the gate to `gate`.
  static void outputGrad(
      boolean bf16, long dy, long later, long o, long next, long dc, long sum, long gate, int n) {
    for (int i = 0; i < n; i += L) {
      FloatVector dh = load(bf16, dy, i).add(f32(later + 4L * i));
      FloatVector out = load(bf16, o, i);
      FloatVector one = FloatVector.broadcast(F, 1f);
      FloatVector y = VectorMath.tanh(f32(next + 4L * i));
      FloatVector dho = dh.mul(out);
      f32(gate + 4L * i, dho.mul(y).mul(one.sub(out)));
      f32(sum + 4L * i, one.sub(y.mul(y)).fma(dho, f32(dc + 4L * i)));
    }
  }

  /// di = dc·g·i·(1 − i), dg = dc·i·(1 − g²)
  static void inputGrad(boolean bf16, long dc, long i, long g, long di, long dg, int n) {
    for (int at = 0; at < n; at += L) {
      FloatVector d = f32(dc + 4L * at);
      FloatVector in = load(bf16, i, at);
      FloatVector candidate = load(bf16, g, at);
      FloatVector one = FloatVector.broadcast(F, 1f);
      FloatVector din = d.mul(in);
      store(bf16, di, at, din.mul(candidate).mul(one.sub(in)));
      store(bf16, dg, at, din.mul(one.sub(candidate.mul(candidate))));
    }
  }

  /// df = dc·c·f·(1 − f), before = dc·f
  static void forgetGrad(boolean bf16, long dc, long c, long f, long df, long before, int n) {
    for (int i = 0; i < n; i += L) {
      FloatVector forget = load(bf16, f, i);
      FloatVector kept = f32(dc + 4L * i).mul(forget);
      FloatVector one = FloatVector.broadcast(F, 1f);
      store(bf16, df, i, kept.mul(f32(c + 4L * i)).mul(one.sub(forget)));
      f32(before + 4L * i, kept);
    }
  }

  /// sum = dy + later + around
  static void gradient(boolean bf16, long dy, long later, long around, long sum, int n) {
    for (int i = 0; i < n; i += L) {
      FloatVector d = load(bf16, dy, i).add(f32(later + 4L * i));
      f32(sum + 4L * i, d.add(f32(around + 4L * i)));
    }
  }

  /// dz = dh·(h − n)·z·(1 − z), around = dh·z
  static void updateGrad(
      boolean bf16, long dh, long z, long n, long h, long dz, long around, int count) {
    for (int i = 0; i < count; i += L) {
      FloatVector gate = load(bf16, z, i);
      FloatVector through = f32(dh + 4L * i).mul(gate);
      FloatVector one = FloatVector.broadcast(F, 1f);
      FloatVector change = load(bf16, h, i).sub(load(bf16, n, i));
      store(bf16, dz, i, through.mul(change).mul(one.sub(gate)));
      f32(around + 4L * i, through);
    }
  }

  /// dn = dh·(1 − z)·(1 − n²), narrow and wide
  static void candidateGrad(boolean bf16, long dh, long z, long n, long dn, long wide, int count) {
    for (int i = 0; i < count; i += L) {
      FloatVector one = FloatVector.broadcast(F, 1f);
      FloatVector candidate = load(bf16, n, i);
      FloatVector d = f32(dh + 4L * i).mul(one.sub(load(bf16, z, i)));
      FloatVector all = d.mul(one.sub(candidate.mul(candidate)));
      store(bf16, dn, i, all);
      f32(wide + 4L * i, all);
    }
  }

  /// dr = d·x·r·(1 − r)
  static void resetGrad(boolean bf16, long d, long x, long r, long dr, int n) {
    for (int i = 0; i < n; i += L) {
      FloatVector gate = load(bf16, r, i);
      FloatVector one = FloatVector.broadcast(F, 1f);
      FloatVector all = f32(d + 4L * i).mul(load(bf16, x, i));
      store(bf16, dr, i, all.mul(gate).mul(one.sub(gate)));
    }
  }

  /// y = d·r
  static void scaled(boolean bf16, long d, long r, long y, int n) {
    for (int i = 0; i < n; i += L) {
      store(bf16, y, i, f32(d + 4L * i).mul(load(bf16, r, i)));
    }
  }

  /// y = around + d·r
  static void aroundReset(boolean bf16, long d, long r, long around, long y, int n) {
    for (int i = 0; i < n; i += L) {
      f32(y + 4L * i, f32(d + 4L * i).fma(load(bf16, r, i), f32(around + 4L * i)));
    }
  }
}
