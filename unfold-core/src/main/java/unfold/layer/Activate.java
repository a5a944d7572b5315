package unfold.layer;

import unfold.op.Activation;
import unfold.trace.Scope;
import unfold.trace.Var;

/// Applies a nonlinearity to each number: y = f(x). The functions are those of [Activation.Kind].
public record Activate(Activation function) implements Layer {
  public static final Activate RELU = new Activate(Activation.RELU);
  public static final Activate RELU6 = new Activate(Activation.RELU6);
  public static final Activate GELU = new Activate(Activation.GELU);
  public static final Activate SILU = new Activate(Activation.SILU);
  public static final Activate HARD_SWISH = new Activate(Activation.HARD_SWISH);
  public static final Activate HARD_SIGMOID = new Activate(Activation.HARD_SIGMOID);
  public static final Activate SIGMOID = new Activate(Activation.SIGMOID);
  public static final Activate TANH = new Activate(Activation.TANH);
  public static final Activate SOFTPLUS = new Activate(Activation.SOFTPLUS);

  /// x for x > 0, else slope·x (PyTorch's slope is 0.01).
  public static Activate leakyRelu(double slope) {
    return new Activate(Activation.leakyRelu(slope));
  }

  /// x for x > 0, else α·(eˣ − 1) (PyTorch's α is 1).
  public static Activate elu(double alpha) {
    return new Activate(Activation.elu(alpha));
  }

  @Override
  public Var apply(Scope s, Var x) {
    return x.activate(function);
  }
}
