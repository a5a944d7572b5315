package unfold.backend.vector;

import static unfold.backend.vector.Raw.F;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;

/// Functions of vectors by polynomials. Errors are against the exact value, in units of the last
/// place (ulp) of an f32, and are held by a test.
final class VectorMath {
  private static final float LOG2_E = 1.44269504f;
  private static final float LN2_HIGH = 0.693359375f;
  private static final float LN2_LOW = -2.12194440e-4f;

  /// Adding 1.5·2²³ rounds to an integer, which then stands in the lowest bits.
  private static final float ROUNDER = 12582912f;

  /// The bits of √½.
  private static final int ROOT_HALF_BITS = 0x3F3504F3;

  private static final float EXP_LOWEST = -87.3f;
  private static final float EXP_HIGHEST = 88.3762f;

  private VectorMath() {}

  /// eˣ within 2 ulp for −87.3 ≤ x ≤ 88.37, held at the ends beyond (1.2e−38, 2.4e38). NaN stays.
  ///
  /// @source Moshier: Cephes library, expf
  static FloatVector exp(FloatVector x) {
    FloatVector in =
        Raw.clamp(x, FloatVector.broadcast(F, EXP_LOWEST), FloatVector.broadcast(F, EXP_HIGHEST));
    FloatVector rounder = FloatVector.broadcast(F, ROUNDER);
    FloatVector shifted = in.fma(FloatVector.broadcast(F, LOG2_E), rounder);
    FloatVector n = shifted.sub(rounder);
    FloatVector r =
        n.fma(FloatVector.broadcast(F, -LN2_LOW), n.fma(FloatVector.broadcast(F, -LN2_HIGH), in));
    return expm1Near0(r)
        .add(1f)
        .reinterpretAsInts()
        .add(shifted.reinterpretAsInts().lanewise(VectorOperators.LSHL, 23))
        .reinterpretAsFloats();
  }

  /// eˣ − 1 within 2 ulp for |x| ≤ ln 2 / 2.
  static FloatVector expm1Near0(FloatVector r) {
    FloatVector p = FloatVector.broadcast(F, 1.9875691500e-4f);
    p = p.fma(r, FloatVector.broadcast(F, 1.3981999507e-3f));
    p = p.fma(r, FloatVector.broadcast(F, 8.3334519073e-3f));
    p = p.fma(r, FloatVector.broadcast(F, 4.1665795894e-2f));
    p = p.fma(r, FloatVector.broadcast(F, 1.6666665459e-1f));
    p = p.fma(r, FloatVector.broadcast(F, 5.0000001201e-1f));
    return p.fma(r.mul(r), r);
  }

  /// eˣ − 1 within 4 ulp for x ≤ 88.
  static FloatVector expm1(FloatVector x) {
    return exp(x).sub(1f).blend(expm1Near0(x), x.abs().lt(0.34f));
  }

  /// 1/(1 + e⁻ˣ) within 4 ulp for x ≥ −87.
  static FloatVector sigmoid(FloatVector x) {
    return FloatVector.broadcast(F, 1f).div(exp(x.neg()).add(1f));
  }

  /// tanh x within 6 ulp, by a rational function: odd over even polynomial, for |x| below 7.9,
  /// where it is ±1 in f32 within that error.
  ///
  /// @source Eigen, generic_fast_tanh_float: its minimax coefficients
  static FloatVector tanh(FloatVector x) {
    FloatVector v =
        Raw.clamp(x, FloatVector.broadcast(F, -7.90531111f), FloatVector.broadcast(F, 7.90531111f));
    FloatVector z = v.mul(v);
    FloatVector p = FloatVector.broadcast(F, -2.76076847742355e-16f);
    p = p.fma(z, FloatVector.broadcast(F, 2.00018790482477e-13f));
    p = p.fma(z, FloatVector.broadcast(F, -8.60467152213735e-11f));
    p = p.fma(z, FloatVector.broadcast(F, 5.12229709037114e-08f));
    p = p.fma(z, FloatVector.broadcast(F, 1.48572235717979e-05f));
    p = p.fma(z, FloatVector.broadcast(F, 6.37261928875436e-04f));
    p = p.fma(z, FloatVector.broadcast(F, 4.89352455891786e-03f));
    FloatVector q = FloatVector.broadcast(F, 1.19825839466702e-06f);
    q = q.fma(z, FloatVector.broadcast(F, 1.18534705686654e-04f));
    q = q.fma(z, FloatVector.broadcast(F, 2.26843463243900e-03f));
    q = q.fma(z, FloatVector.broadcast(F, 4.89352518554385e-03f));
    return p.mul(v).div(q);
  }

  /// σ(x) = ½ + ½·tanh(x/2), absolute error below 2e−7.
  static FloatVector gate(FloatVector x) {
    FloatVector half = FloatVector.broadcast(F, 0.5f);
    return tanh(x.mul(half)).fma(half, half);
  }

  /// The normal distribution function Φ(x) = erfc(−x/√2)/2, relative error below 3e−6 where it
  /// exceeds 1e−30.
  ///
  /// @source Press, Teukolsky, Vetterling, Flannery: Numerical recipes (1992), 6.2: erfc by a
  ///   Chebyshev fit
  static FloatVector normal(FloatVector x) {
    FloatVector z = x.abs().mul(0.70710678f);
    FloatVector t = FloatVector.broadcast(F, 1f).div(z.mul(0.5f).add(1f));
    FloatVector p = FloatVector.broadcast(F, 0.17087277f);
    p = p.fma(t, FloatVector.broadcast(F, -0.82215223f));
    p = p.fma(t, FloatVector.broadcast(F, 1.48851587f));
    p = p.fma(t, FloatVector.broadcast(F, -1.13520398f));
    p = p.fma(t, FloatVector.broadcast(F, 0.27886807f));
    p = p.fma(t, FloatVector.broadcast(F, -0.18628806f));
    p = p.fma(t, FloatVector.broadcast(F, 0.09678418f));
    p = p.fma(t, FloatVector.broadcast(F, 0.37409196f));
    p = p.fma(t, FloatVector.broadcast(F, 1.00002368f));
    p = p.fma(t, FloatVector.broadcast(F, -1.26551223f));
    FloatVector half = t.mul(exp(p.sub(z.mul(z)))).mul(0.5f);
    return half.blend(FloatVector.broadcast(F, 1f).sub(half), x.compare(VectorOperators.GE, 0f));
  }

  /// The normal density e^(−x²/2)/√(2π).
  static FloatVector density(FloatVector x) {
    return exp(x.mul(x).mul(-0.5f)).mul(0.3989422804f);
  }

  /// log(1 + u) for −0.3 ≤ u ≤ 1 within 3 ulp: 2·artanh s with s = u/(2 + u).
  static FloatVector log1p(FloatVector u) {
    FloatVector s = u.div(u.add(2f));
    FloatVector z = s.mul(s);
    FloatVector p = FloatVector.broadcast(F, 1f / 15);
    p = p.fma(z, FloatVector.broadcast(F, 1f / 13));
    p = p.fma(z, FloatVector.broadcast(F, 1f / 11));
    p = p.fma(z, FloatVector.broadcast(F, 1f / 9));
    p = p.fma(z, FloatVector.broadcast(F, 1f / 7));
    p = p.fma(z, FloatVector.broadcast(F, 1f / 5));
    p = p.fma(z, FloatVector.broadcast(F, 1f / 3));
    FloatVector twice = s.add(s);
    return p.mul(z).fma(twice, twice);
  }

  /// log x within 3 ulp: x = 2ⁿ·(1 + f) with √½ ≤ 1 + f < √2. −∞ at 0, NaN below.
  static FloatVector log(FloatVector x) {
    var tiny = x.lt(Float.MIN_NORMAL);
    IntVector bits = x.blend(x.mul(0x1p23f), tiny).reinterpretAsInts();
    IntVector n = bits.sub(ROOT_HALF_BITS).lanewise(VectorOperators.ASHR, 23);
    FloatVector f = bits.sub(n.lanewise(VectorOperators.LSHL, 23)).reinterpretAsFloats().sub(1f);
    FloatVector e = (FloatVector) n.convertShape(VectorOperators.I2F, F, 0);
    e = e.sub(FloatVector.zero(F).blend(23f, tiny));
    FloatVector y =
        e.fma(
            FloatVector.broadcast(F, LN2_HIGH), e.fma(FloatVector.broadcast(F, LN2_LOW), log1p(f)));
    return y.blend(x, x.compare(VectorOperators.EQ, Float.POSITIVE_INFINITY))
        .blend(Float.NaN, x.compare(VectorOperators.GE, 0f).not())
        .blend(Float.NEGATIVE_INFINITY, x.compare(VectorOperators.EQ, 0f));
  }

  /// log(1 + eˣ) within 4 ulp.
  static FloatVector softplus(FloatVector x) {
    FloatVector positive = x.blend(0f, x.lt(0f));
    return positive.add(log1p(exp(x.abs().neg())));
  }
}
