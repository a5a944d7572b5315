package unfold.engine;

import unfold.layer.Loss;
import unfold.optimizer.Optimizer;
import unfold.optimizer.Updating;
import unfold.trace.Freeze;

/// What a training step does beside the model.
///
/// @param updating clipping, rates by layer, averaging
/// @param freeze layers that do not learn
/// @param parts in which a step's batch is computed, one after the other, so that it takes less
///   memory ([unfold.optimizer.Accumulation]); 1 for all at once
/// @param seed of the first weights and of dropout
public record TrainingSettings(
    Optimizer optimizer, Updating updating, Loss loss, Freeze freeze, int parts, long seed) {
  public TrainingSettings {
    if (parts < 1) {
      throw new IllegalArgumentException("a batch in " + parts + " parts");
    }
  }

  /// Softmax cross-entropy, everything learns, nothing is clipped.
  public static TrainingSettings of(Optimizer optimizer, long seed) {
    return new TrainingSettings(
        optimizer, Updating.PLAIN, new Loss.SoftmaxCrossEntropy(), Freeze.NOTHING, 1, seed);
  }

  public TrainingSettings updating(Updating to) {
    return new TrainingSettings(optimizer, to, loss, freeze, parts, seed);
  }

  public TrainingSettings loss(Loss to) {
    return new TrainingSettings(optimizer, updating, to, freeze, parts, seed);
  }

  public TrainingSettings freeze(Freeze to) {
    return new TrainingSettings(optimizer, updating, loss, to, parts, seed);
  }

  public TrainingSettings parts(int count) {
    return new TrainingSettings(optimizer, updating, loss, freeze, count, seed);
  }
}
