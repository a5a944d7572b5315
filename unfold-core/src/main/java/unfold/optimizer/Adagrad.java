package unfold.optimizer;

import java.util.List;
import unfold.op.Updates;

/// Divides the gradient by the root of the sum of all its squares so far:
///
/// > v ← v + (g + λp)², p ← p − η·(g + λp)/(√v + ε)
///
/// @source Duchi, Hazan, Singer: Adaptive subgradient methods (2011)
public record Adagrad(double rate, double epsilon, double weightDecay) implements Optimizer {
  /// ε = 1e-10, no weight decay; the usual rate is 1e-2.
  public Adagrad(double rate) {
    this(rate, 1e-10, 0);
  }

  @Override
  public Adagrad rate(double to) {
    return new Adagrad(to, epsilon, weightDecay);
  }

  public Adagrad epsilon(double to) {
    return new Adagrad(rate, to, weightDecay);
  }

  @Override
  public Adagrad weightDecay(double to) {
    return new Adagrad(rate, epsilon, to);
  }

  @Override
  public Updates rule(double decay) {
    return new Updates.Adagrad(epsilon, decay);
  }

  @Override
  public List<String> memories() {
    return List.of("sum");
  }
}
