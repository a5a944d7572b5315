package unfold.train;

import java.util.Optional;

/// One epoch in numbers: a line of `metrics.jsonl`.
///
/// The two scores count differently. Training is measured batch by batch while the network learns,
/// on augmented items, with dropout, and its loss includes label smoothing. Validation is measured
/// after the epoch on plain items, and its loss is the plain cross-entropy.
///
/// @param epoch from 1
/// @param step training steps since the run began
/// @param rate learning rate of the epoch's last step
/// @param train over the items of the epoch
/// @param validation over what was held out; empty where none are
/// @param clipped fraction of the epoch's steps whose gradient was clipped; empty where none would
///   be
/// @param itemsPerSecond training items a second, loader and all, validation not counted
/// @param seconds that the epoch took, validation and saving included
public record EpochRecord(
    int epoch,
    long step,
    double rate,
    Score train,
    Optional<Score> validation,
    Optional<Double> clipped,
    double itemsPerSecond,
    double seconds) {
  /// What lines of older versions leave out.
  static final String OLDER =
      """
      {"train": {"counted": "pictures"}, "validation": {"counted": "pictures"}, "clipped": null}\
      """;

  /// What `best` is measured by: the score on what was held out, or in training if nothing was.
  public Score judged() {
    return validation.orElse(train);
  }
}
