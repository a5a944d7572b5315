package unfold.layer;

import unfold.trace.Initializer;

/// The form of a random distribution around zero.
public enum Spread {
  /// within ±√3·σ
  UNIFORM,
  NORMAL;

  /// Random numbers with this standard deviation.
  public Initializer of(double deviation) {
    return switch (this) {
      case UNIFORM -> Uniform.within(Math.sqrt(3) * deviation);
      case NORMAL -> new Normal(0, deviation);
    };
  }
}
