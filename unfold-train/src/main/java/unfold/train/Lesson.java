package unfold.train;

import java.util.Optional;
import unfold.engine.Learner;

/// A [Subject], compiled: its batches, each with its step, and the measuring.
public interface Lesson {

  /// The batches from a place in the run on. They are a function of the place, whatever came
  /// before.
  Batches from(int epoch, long batch);

  /// The run is about to train in this epoch, from its beginning or from within.
  ///
  /// @param begins whether no batch of it was learned yet
  /// @return what changes with it, in words; empty if nothing does
  default Optional<String> enter(int epoch, boolean begins) {
    return Optional.empty();
  }

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
    /// Writes the next batch into the feeds of its step. Batches of different shapes have different
    /// steps, which learn on the same states.
    ///
    /// @return the step, to be run
    /// @throws unfold.error.InputException or [unfold.error.FormatException] if it cannot be read
    Learner next();

    /// Counts the answers of the step that ran on the batch, and lets the batch go.
    void count(Tally tally);

    @Override
    void close();
  }
}
