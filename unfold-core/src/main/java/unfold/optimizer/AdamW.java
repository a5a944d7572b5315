package unfold.optimizer;

import java.util.List;
import unfold.op.Updates;

/// [Adam] whose weight decay does not pass through the gradient's statistics:
///
/// > p ← (1 − ηλ)·p, then Adam's step with λ = 0
///
/// @source Loshchilov, Hutter: Decoupled weight decay regularization (2019), algorithm 2
public record AdamW(double rate, double beta1, double beta2, double epsilon, double weightDecay)
    implements Optimizer {
  /// β = 0.9, 0.999, ε = 1e-8, weight decay 0.01; the usual rate is 1e-3.
  public AdamW(double rate) {
    this(rate, 0.9, 0.999, 1e-8, 0.01);
  }

  @Override
  public AdamW rate(double to) {
    return new AdamW(to, beta1, beta2, epsilon, weightDecay);
  }

  public AdamW betas(double first, double second) {
    return new AdamW(rate, first, second, epsilon, weightDecay);
  }

  public AdamW epsilon(double to) {
    return new AdamW(rate, beta1, beta2, to, weightDecay);
  }

  @Override
  public AdamW weightDecay(double to) {
    return new AdamW(rate, beta1, beta2, epsilon, to);
  }

  @Override
  public Updates rule(double decay) {
    return new Updates.Adam(beta1, beta2, epsilon, decay, true);
  }

  @Override
  public List<String> memories() {
    return List.of("m", "v");
  }
}
