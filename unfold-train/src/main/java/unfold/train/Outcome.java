package unfold.train;

import java.util.Optional;

/// How a sitting of a run ended.
///
/// @param stopped for a run that was stopped within an epoch: the score on the held-out pictures at
///   that moment
public record Outcome(End end, History history, Optional<Score> stopped) {
  public enum End {
    /// all epochs are done
    FINISHED,
    /// the score did not get better for as many epochs as patience allows
    EARLY,
    /// the time is over
    TIME,
    /// somebody wished it to stop
    STOPPED
  }
}
