package unfold.optimizer;

import java.util.List;
import unfold.op.Updates;

/// Divides the gradient by its running root mean square:
///
/// > v ← αv + (1−α)(g + λp)², u = (g + λp)/(√v + ε) p ← p − η·u, or with momentum b ← μb + u, p ← p
/// > − η·b
///
/// @source Hinton: lecture 6e of Neural networks for machine learning (2012)
public record RmsProp(
    double rate, double alpha, double epsilon, double momentum, double weightDecay)
    implements Optimizer {
  /// α = 0.99, ε = 1e-8, no momentum, no weight decay; the usual rate is 1e-2.
  public RmsProp(double rate) {
    this(rate, 0.99, 1e-8, 0, 0);
  }

  @Override
  public RmsProp rate(double to) {
    return new RmsProp(to, alpha, epsilon, momentum, weightDecay);
  }

  public RmsProp alpha(double to) {
    return new RmsProp(rate, to, epsilon, momentum, weightDecay);
  }

  public RmsProp epsilon(double to) {
    return new RmsProp(rate, alpha, to, momentum, weightDecay);
  }

  public RmsProp momentum(double to) {
    return new RmsProp(rate, alpha, epsilon, to, weightDecay);
  }

  @Override
  public RmsProp weightDecay(double to) {
    return new RmsProp(rate, alpha, epsilon, momentum, to);
  }

  @Override
  public Updates rule(double decay) {
    return new Updates.RmsProp(alpha, epsilon, momentum, decay);
  }

  @Override
  public List<String> memories() {
    return momentum == 0 ? List.of("square") : List.of("square", "momentum");
  }
}
