package unfold.layer;

import unfold.random.Stream;
import unfold.tensor.Tensor;
import unfold.trace.Initializer;

/// Keeps the variance through rectifiers: σ = √(2/((1 + a²)·fan)), normal, or uniform within ±√3·σ;
/// a is the rectifier's slope below zero. Fan in keeps it forward, fan out backward.
///
/// @source He, Zhang, Ren, Sun: Delving deep into rectifiers (2015), equations 10, 14 and 15
public record He(Spread spread, Fan fan, double slope) implements Initializer {
  public static He uniform() {
    return new He(Spread.UNIFORM, Fan.IN, 0);
  }

  public static He normal() {
    return new He(Spread.NORMAL, Fan.IN, 0);
  }

  public He fan(Fan of) {
    return new He(spread, of, slope);
  }

  public He slope(double a) {
    return new He(spread, fan, a);
  }

  @Override
  public void fill(Tensor t, Stream random) {
    double deviation = Math.sqrt(2 / ((1 + slope * slope) * fan.of(t.shape())));
    spread.of(deviation).fill(t, random);
  }
}
