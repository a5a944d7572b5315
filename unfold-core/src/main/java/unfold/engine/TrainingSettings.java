package unfold.engine;

import unfold.layer.Loss;
import unfold.optimizer.Optimizer;
import unfold.optimizer.Updating;
import unfold.trace.Freeze;

/// What a training step does beside the model.
///
/// @param updating clipping, rates by layer
/// @param freeze layers that do not learn
/// @param seed of the first weights and of dropout
public record TrainingSettings(
    Optimizer optimizer, Updating updating, Loss loss, Freeze freeze, long seed) {

  /// Softmax cross-entropy, everything learns, nothing is clipped.
  public static TrainingSettings of(Optimizer optimizer, long seed) {
    return new TrainingSettings(
        optimizer, Updating.PLAIN, new Loss.SoftmaxCrossEntropy(), Freeze.NOTHING, seed);
  }

  public TrainingSettings updating(Updating to) {
    return new TrainingSettings(optimizer, to, loss, freeze, seed);
  }

  public TrainingSettings loss(Loss to) {
    return new TrainingSettings(optimizer, updating, to, freeze, seed);
  }

  public TrainingSettings freeze(Freeze to) {
    return new TrainingSettings(optimizer, updating, loss, to, seed);
  }
}
