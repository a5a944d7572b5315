package unfold.backend.vector;

import static unfold.backend.vector.Raw.F;
import static unfold.backend.vector.Raw.L;
import static unfold.backend.vector.Raw.f32;

import jdk.incubator.vector.FloatVector;

/// The update rules over n f32 elements; results may lie on operands. n is a multiple of the vector
/// length.
final class UpdateLoops {
  private UpdateLoops() {}

  /// p ← p − η·(s·g + λp)
  static void sgd(long p, long g, long to, int n, float rate, float scale, float decay) {
    for (int i = 0; i < n; i += L) {
      FloatVector value = f32(p + 4L * i);
      FloatVector d = Lanes.gradient(g + 4L * i, value, scale, decay);
      f32(to + 4L * i, d.fma(FloatVector.broadcast(F, -rate), value));
    }
  }

  /// v ← μ·v + δ·(s·g + λp); p ← p − η·v, with Nesterov p − η·(s·g + λp + μ·v).
  static void momentum(
      long p,
      long g,
      long v,
      long toP,
      long toV,
      int n,
      float rate,
      float scale,
      float decay,
      float momentum,
      float fresh,
      boolean nesterov) {
    for (int i = 0; i < n; i += L) {
      FloatVector value = f32(p + 4L * i);
      FloatVector d = Lanes.gradient(g + 4L * i, value, scale, decay);
      FloatVector speed = f32(v + 4L * i).mul(momentum).add(d.mul(fresh));
      FloatVector step = nesterov ? speed.fma(FloatVector.broadcast(F, momentum), d) : speed;
      f32(toV + 4L * i, speed);
      f32(toP + 4L * i, step.fma(FloatVector.broadcast(F, -rate), value));
    }
  }

  /// m ← β₁m + φ₁d; v ← β₂v + φ₂d²; p ← keep·p − step·m/(√v·root + ε), where d = s·g + λp, φ = 1 −
  /// β, step = η/(1−β₁ᵗ), root = 1/√(1−β₂ᵗ).
  static void adam(
      long p,
      long g,
      long m,
      long v,
      long toP,
      long toM,
      long toV,
      int n,
      float scale,
      float decay,
      float beta1,
      float fresh1,
      float beta2,
      float fresh2,
      float epsilon,
      float keep,
      float step,
      float root) {
    for (int i = 0; i < n; i += L) {
      FloatVector value = f32(p + 4L * i);
      FloatVector d = Lanes.gradient(g + 4L * i, value, scale, decay);
      FloatVector first = f32(m + 4L * i).mul(beta1).add(d.mul(fresh1));
      FloatVector second = f32(v + 4L * i).mul(beta2).add(d.mul(d).mul(fresh2));
      FloatVector divisor = second.sqrt().mul(root).add(epsilon);
      f32(toM + 4L * i, first);
      f32(toV + 4L * i, second);
      f32(toP + 4L * i, value.mul(keep).sub(first.mul(step).div(divisor)));
    }
  }

  /// v ← α·v + β·d²; p ← p − η·d/(√v + ε), where d = s·g + λp. (RMSprop: β = 1−α; Adagrad: α = β =
  /// 1.)
  static void scaled(
      long p,
      long g,
      long v,
      long toP,
      long toV,
      int n,
      float rate,
      float scale,
      float decay,
      float alpha,
      float beta,
      float epsilon) {
    for (int i = 0; i < n; i += L) {
      FloatVector value = f32(p + 4L * i);
      FloatVector d = Lanes.gradient(g + 4L * i, value, scale, decay);
      FloatVector square = f32(v + 4L * i).mul(alpha).add(d.mul(d).mul(beta));
      f32(toV + 4L * i, square);
      f32(toP + 4L * i, value.sub(d.mul(rate).div(square.sqrt().add(epsilon))));
    }
  }

  /// The same with momentum: u = d/(√v + ε); b ← μ·b + u; p ← p − η·b.
  static void scaledMomentum(
      long p,
      long g,
      long v,
      long b,
      long toP,
      long toV,
      long toB,
      int n,
      float rate,
      float scale,
      float decay,
      float alpha,
      float beta,
      float epsilon,
      float momentum) {
    for (int i = 0; i < n; i += L) {
      FloatVector value = f32(p + 4L * i);
      FloatVector d = Lanes.gradient(g + 4L * i, value, scale, decay);
      FloatVector square = f32(v + 4L * i).mul(alpha).add(d.mul(d).mul(beta));
      FloatVector step = f32(b + 4L * i).mul(momentum).add(d.div(square.sqrt().add(epsilon)));
      f32(toV + 4L * i, square);
      f32(toB + 4L * i, step);
      f32(toP + 4L * i, value.sub(step.mul(rate)));
    }
  }
}
