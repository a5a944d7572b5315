package unfold.engine;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Optional;
import unfold.optimizer.Updating;
import unfold.plan.Plan;
import unfold.run.NotFinite;
import unfold.run.Program;
import unfold.tensor.Tensor;

/// A program that learns, whatever it learns from: what every training step has in common. It is
/// given the learning rate, the number of the step and the random key; its other feeds belong to
/// who compiled it. Allocates nothing.
public final class Learner {
  private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED;
  private static final ValueLayout.OfFloat FLOAT = ValueLayout.JAVA_FLOAT_UNALIGNED;

  private final Program program;
  private final Updating updating;
  private final long seed;
  private final MemorySegment rate;
  private final Optional<MemorySegment> step;
  private final Optional<MemorySegment> key;

  Learner(Program program, Updating updating, long seed) {
    this.program = program;
    this.updating = updating;
    this.seed = seed;
    this.rate = program.feedMemory("rate");
    this.step = optional("step");
    this.key = optional("key");
  }

  private Optional<MemorySegment> optional(String feed) {
    return program.plan().feeds().containsKey(feed)
        ? Optional.of(program.feedMemory(feed))
        : Optional.empty();
  }

  public Plan plan() {
    return program.plan();
  }

  public Program program() {
    return program;
  }

  /// An input of the step, to be written before each run.
  public Feed feed(String name) {
    return Feed.of(program, name);
  }

  /// A result of the last step: a view, valid until the next one.
  public Tensor view(String result) {
    return program.view(result);
  }

  /// Learns from what the feeds hold.
  ///
  /// @param learningRate of this step
  /// @param number of this step, from 1
  public void run(double learningRate, long number) {
    rate.set(FLOAT, 0, (float) learningRate);
    if (step.isPresent()) {
      step.get().set(FLOAT, 0, number);
    }
    if (key.isPresent()) {
      MemorySegment k = key.get();
      k.setAtIndex(INT, 0, (int) seed);
      k.setAtIndex(INT, 1, (int) (seed >>> 32));
      k.setAtIndex(INT, 2, (int) number);
      k.setAtIndex(INT, 3, (int) (number >>> 32));
    }
    program.run();
  }

  /// The loss of the last step's batch, before its update.
  public float loss() {
    return program.scalar("loss");
  }

  /// Whether gradients are limited, by norm or by value.
  public boolean clips() {
    return updating.clipNorm() > 0 || updating.clipValue() > 0;
  }

  /// Whether the last step's gradient was too large and was clipped.
  public boolean clipped() {
    return updating.clipNorm() > 0 && program.scalar("gradient_norm") > updating.clipNorm()
        || updating.clipValue() > 0 && program.scalar("gradient_max") > updating.clipValue();
  }

  /// Runs the last batch again and says which op first gave a number that is not finite. A step
  /// whose loss is not finite has changed no parameter, so this sees what it saw.
  public Optional<String> firstNotFinite() {
    return program.runWatched().map(NotFinite::toString);
  }
}
