package unfold.train;

import java.util.Optional;
import unfold.engine.Learner;

/// A [Subject], compiled: the step, its batches, and the measuring.
public interface Lesson {
  Learner learner();

  /// The batches from a place in the run on. They are a function of the place, whatever came
  /// before.
  Batches from(int epoch, long batch);

  /// How well the network does on what was held out, if anything was. Changes nothing that a step
  /// would see.
  Optional<Score> measure();

  /// Something that the network made as it is now, for people to look at; empty if it makes
  /// nothing. Changes nothing that a step would see.
  default Optional<String> sample() {
    return Optional.empty();
  }

  /// The batches of a run, one after the other, through the end of each epoch into the next.
  /// Neither method allocates anything as a rule.
  interface Batches extends AutoCloseable {
    /// Writes the next batch into the feeds of the step.
    ///
    /// @throws unfold.error.InputException or [unfold.error.FormatException] if it cannot be read
    void next();

    /// Counts the answers of the step that ran on the batch, and lets the batch go.
    void count(Tally tally);

    @Override
    void close();
  }
}
