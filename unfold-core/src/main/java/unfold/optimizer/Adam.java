package unfold.optimizer;

import java.util.List;
import unfold.op.Updates;

/// Steps of about the rate's size in every direction, from running means of the gradient and its
/// square:
///
/// > m ← β₁m + (1−β₁)(g + λp), v ← β₂v + (1−β₂)(g + λp)² p ← p − η·(m/(1−β₁ᵗ)) / (√(v/(1−β₂ᵗ)) + ε)
///
/// @source Kingma, Ba: Adam (2015), algorithm 1
public record Adam(double rate, double beta1, double beta2, double epsilon, double weightDecay)
    implements Optimizer {
  /// β = 0.9, 0.999, ε = 1e-8, no weight decay; the usual rate is 1e-3.
  public Adam(double rate) {
    this(rate, 0.9, 0.999, 1e-8, 0);
  }

  @Override
  public Adam rate(double to) {
    return new Adam(to, beta1, beta2, epsilon, weightDecay);
  }

  public Adam betas(double first, double second) {
    return new Adam(rate, first, second, epsilon, weightDecay);
  }

  public Adam epsilon(double to) {
    return new Adam(rate, beta1, beta2, to, weightDecay);
  }

  @Override
  public Adam weightDecay(double to) {
    return new Adam(rate, beta1, beta2, epsilon, to);
  }

  @Override
  public Updates rule(double decay) {
    return new Updates.Adam(beta1, beta2, epsilon, decay, false);
  }

  @Override
  public List<String> memories() {
    return List.of("m", "v");
  }
}
