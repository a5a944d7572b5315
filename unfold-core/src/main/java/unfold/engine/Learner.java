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
///
/// A step in several parts runs one program for each part of its batch, which gathers gradients,
/// and then another one, which updates.
public final class Learner {
  private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED;
  private static final ValueLayout.OfFloat FLOAT = ValueLayout.JAVA_FLOAT_UNALIGNED;

  private final Program program;
  private final Program last;
  private final int parts;
  private final Updating updating;
  private final long seed;
  private final MemorySegment rate;
  private final Optional<MemorySegment> step;
  private final Optional<MemorySegment> key;
  private final Optional<MemorySegment> meanLoss;
  private Around around = Around.NOTHING;
  private float loss = Float.NaN;
  private long before;

  /// What happens around each part of a step.
  interface Around {
    Around NOTHING =
        new Around() {
          @Override
          public void before(int part) {}

          @Override
          public void after(int part) {}
        };

    void before(int part);

    void after(int part);
  }

  Learner(Program program, Updating updating, long seed) {
    this(program, program, 1, updating, seed);
  }

  /// @param program that computes, and with one part updates too
  /// @param last that updates after the last part
  Learner(Program program, Program last, int parts, Updating updating, long seed) {
    this.program = program;
    this.last = last;
    this.parts = parts;
    this.updating = updating;
    this.seed = seed;
    this.rate = last.feedMemory("rate");
    this.step = optional(last, "step");
    this.key = optional(program, "key");
    this.meanLoss = optional(last, "loss");
  }

  void around(Around what) {
    around = what;
  }

  private static Optional<MemorySegment> optional(Program program, String feed) {
    return program.plan().feeds().containsKey(feed)
        ? Optional.of(program.feedMemory(feed))
        : Optional.empty();
  }

  /// Of the program that computes gradients, and with one part the update too.
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

  /// Update rules that count steps begin to count after so many, which were learned by others: the
  /// optimiser's memory was empty then. Random numbers go on as they would.
  public void countAfter(long steps) {
    before = steps;
  }

  /// Learns from what the feeds hold.
  ///
  /// @param learningRate of this step
  /// @param number of this step, from 1
  public void run(double learningRate, long number) {
    rate.set(FLOAT, 0, (float) learningRate);
    if (step.isPresent()) {
      step.get().set(FLOAT, 0, number - before);
    }
    double sum = 0;
    for (int part = 0; part < parts; part++) {
      around.before(part);
      draw((number - 1) * parts + part + 1);
      program.run();
      sum += program.scalar("loss");
      around.after(part);
    }
    loss = (float) (sum / parts);
    if (parts > 1) {
      update();
    }
  }

  /// Sets the key of random numbers.
  private void draw(long run) {
    if (key.isPresent()) {
      MemorySegment k = key.get();
      k.setAtIndex(INT, 0, (int) seed);
      k.setAtIndex(INT, 1, (int) (seed >>> 32));
      k.setAtIndex(INT, 2, (int) run);
      k.setAtIndex(INT, 3, (int) (run >>> 32));
    }
  }

  private void update() {
    meanLoss.orElseThrow().set(FLOAT, 0, loss);
    last.run();
  }

  /// The loss of the last step's batch, before its update.
  public float loss() {
    return loss;
  }

  /// Whether the last step's gradient was too large and was clipped.
  public boolean clipped() {
    return updating.clipNorm() > 0 && last.scalar("gradient_norm") > updating.clipNorm()
        || updating.clipValue() > 0 && last.scalar("gradient_max") > updating.clipValue();
  }

  /// Runs the last batch again and says which op first gave a number that is not finite. A step
  /// whose loss is not finite has changed no parameter, so this sees what it saw.
  public Optional<String> firstNotFinite() {
    Optional<NotFinite> found = Optional.empty();
    for (int part = 0; part < parts && found.isEmpty(); part++) {
      around.before(part);
      found = program.runWatched();
    }
    if (parts > 1) {
      loss = Float.NaN;
      update(); // makes the sums zero and changes nothing else
    }
    return found.map(NotFinite::toString);
  }

  /// Which op of the last step first wrote numbers that are not finite into a state: what to ask
  /// when the loss was finite, but its update was not.
  public Optional<String> firstStateNotFinite() {
    return program.firstStateNotFinite().or(last::firstStateNotFinite).map(NotFinite::toString);
  }
}
