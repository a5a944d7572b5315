package unfold.optimizer;

import java.util.List;
import unfold.op.Updates;

/// Gradient descent with momentum. With the gradient g (times the clip factor), the rate η and the
/// weight decay λ:
///
/// > v ← μ·v + (1 − dampening)·(g + λp) p ← p − η·v, or with Nesterov's form p ← p − η·(g + λp +
/// > μ·v)
///
/// The rate multiplies the whole momentum, so that a lower rate takes effect at once (PyTorch's
/// form; in Sutskever's and Caffe's the rate is inside v). v starts at 0. Without momentum: p ← p −
/// η·(g + λp), and no memory.
///
/// @source Polyak: Some methods of speeding up the convergence of iteration methods (1964);
///   Sutskever, Martens, Dahl, Hinton: On the importance of initialization and momentum (2013)
public record Sgd(
    double rate, double momentum, double dampening, boolean nesterov, double weightDecay)
    implements Optimizer {
  public Sgd {
    if (nesterov && (momentum == 0 || dampening != 0)) {
      throw new IllegalArgumentException("Nesterov's form needs momentum and no dampening");
    }
  }

  /// Without momentum and weight decay.
  public Sgd(double rate) {
    this(rate, 0, 0, false, 0);
  }

  public Sgd(double rate, double momentum) {
    this(rate, momentum, 0, false, 0);
  }

  @Override
  public Sgd rate(double to) {
    return new Sgd(to, momentum, dampening, nesterov, weightDecay);
  }

  public Sgd momentum(double to) {
    return new Sgd(rate, to, dampening, nesterov, weightDecay);
  }

  public Sgd dampening(double to) {
    return new Sgd(rate, momentum, to, nesterov, weightDecay);
  }

  public Sgd nesterov(boolean on) {
    return new Sgd(rate, momentum, dampening, on, weightDecay);
  }

  @Override
  public Sgd weightDecay(double to) {
    return new Sgd(rate, momentum, dampening, nesterov, to);
  }

  @Override
  public Updates rule(double decay) {
    return new Updates.Sgd(momentum, dampening, nesterov, decay);
  }

  @Override
  public List<String> memories() {
    return momentum == 0 ? List.of() : List.of("momentum");
  }
}
