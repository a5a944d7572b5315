package unfold.train;

import java.util.Optional;

/// One epoch in numbers: a line of `metrics.jsonl`.
///
/// The two scores count differently. Training is measured batch by batch while the network learns,
/// on augmented pictures, with dropout, and its loss includes label smoothing. Validation is
/// measured after the epoch on plain pictures, and its loss is the plain cross-entropy.
///
/// @param epoch from 1
/// @param step training steps since the run began
/// @param rate learning rate of the epoch's last step
/// @param train over the pictures of the epoch
/// @param validation over the pictures held out; empty where none are
/// @param itemsPerSecond training pictures a second, loader and all, validation not counted
/// @param seconds that the epoch took, validation and saving included
public record EpochRecord(
    int epoch,
    long step,
    double rate,
    Score train,
    Optional<Score> validation,
    double itemsPerSecond,
    double seconds) {

  /// What `best` is measured by: the accuracy on the pictures held out, or on the training pictures
  /// if none are.
  public double score() {
    return validation.orElse(train).accuracy();
  }
}
