package unfold.layer;

import unfold.op.Activation;
import unfold.op.Normalization.BatchNormInference;
import unfold.op.Normalization.BatchNormTrain;
import unfold.tensor.Shape;
import unfold.tensor.TensorType;
import unfold.trace.Scope;
import unfold.trace.Var;

/// Makes each channel zero on average with unit variance over the batch, then stretches and shifts
/// it: y = (x − μ)/√(σ² + ε) · weight + bias.
///
/// In training μ and σ² are of this batch, and the running statistics follow them: r ← (1 −
/// momentum)·r + momentum·batch. In evaluation, and in a frozen scope, they are the running ones.
///
/// Shapes: x [N×C], [N×C×L] or [N×C×H×W] → the same. Parameters: `weight` [C] = `scale`, `bias` [C]
/// = 0. State: `running_mean` [C] = 0, `running_var` [C] = 1. `scale(0)` lets a residual branch
/// start as nothing, so that the block starts as the identity.
///
/// @source Ioffe, Szegedy: Batch normalization (2015)
public record BatchNorm(int channels, double epsilon, double momentum, double scale)
    implements Layer {
  /// ε = 1e-5, momentum 0.1, scale 1.
  public BatchNorm(int channels) {
    this(channels, 1e-5, 0.1, 1);
  }

  public BatchNorm epsilon(double to) {
    return new BatchNorm(channels, to, momentum, scale);
  }

  public BatchNorm momentum(double to) {
    return new BatchNorm(channels, epsilon, to, scale);
  }

  /// What `weight` starts with.
  public BatchNorm scale(double to) {
    return new BatchNorm(channels, epsilon, momentum, to);
  }

  @Override
  public Var apply(Scope s, Var x) {
    if (x.rank() < 2 || x.dim(1) != channels) {
      throw s.error(
          "batch_norm: x [" + x.shape() + "] must have " + channels + " channels along axis 1");
    }
    var c = Shape.of(channels);
    Var weight = s.parameter("weight", c, new Constant(scale));
    Var bias = s.parameter("bias", c, new Constant(0));
    Var mean = s.state("running_mean", TensorType.f32(channels), new Constant(0));
    Var variance = s.state("running_var", TensorType.f32(channels), new Constant(1));
    if (!s.training()) {
      var op = new BatchNormInference(epsilon, Activation.IDENTITY);
      return s.apply(op, x, weight, bias, mean, variance);
    }
    var op = new BatchNormTrain(epsilon, momentum, Activation.IDENTITY);
    var made = s.applyAll(op, x, weight, bias, mean, variance);
    s.update("running_mean", made.get(3));
    s.update("running_var", made.get(4));
    return made.getFirst();
  }
}
