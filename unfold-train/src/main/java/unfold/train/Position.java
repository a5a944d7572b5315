package unfold.train;

/// Where a run is, to the batch: what a checkpoint holds beside the numbers of the states.
///
/// @param version of this record's form
/// @param epoch the running epoch, from 0; equal to the number of finished ones
/// @param batch batches of it that are done
/// @param step training steps done since the run began
/// @param partial sums over the batches of the running epoch
/// @param clipped steps of the running epoch whose gradient was clipped
/// @param epochSeconds that its training took so far
/// @param history the epochs that are finished
record Position(
    int version,
    int epoch,
    long batch,
    long step,
    Tally.Sums partial,
    long clipped,
    double epochSeconds,
    History history) {
  static final int VERSION = 2;

  /// What checkpoints of version 1 leave out.
  static final String OLDER =
      """
      {"clipped": 0}\
      """;

  static final Position START =
      new Position(VERSION, 0, 0, 0, Tally.Sums.ZERO, 0, 0, History.EMPTY);

  Position {
    if (epoch < 0 || batch < 0 || step < 0 || history.size() != epoch) {
      throw new IllegalArgumentException(
          "epoch "
              + epoch
              + ", batch "
              + batch
              + ", step "
              + step
              + " after "
              + history.size()
              + " finished epochs");
    }
  }
}
