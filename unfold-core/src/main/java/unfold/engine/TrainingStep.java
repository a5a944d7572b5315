package unfold.engine;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Optional;
import unfold.plan.Plan;
import unfold.run.NotFinite;
import unfold.run.Program;
import unfold.tensor.Tensor;
import unfold.tensor.TensorType;

/// One step of learning, ready to run again and again. Allocates nothing.
public final class TrainingStep {
  private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED;
  private static final ValueLayout.OfFloat FLOAT = ValueLayout.JAVA_FLOAT_UNALIGNED;

  private final Program program;
  private final int batch;
  private final long seed;
  private final Feed pictures;
  private final Feed labels;
  private final MemorySegment rate;
  private final Optional<MemorySegment> step;
  private final Optional<MemorySegment> key;
  private final Tensor logits;

  TrainingStep(Program program, int batch, long seed) {
    this.program = program;
    this.batch = batch;
    this.seed = seed;
    this.pictures = Feed.pictures(program);
    this.labels =
        Feed.of(program, program.plan().feeds().containsKey("labels") ? "labels" : "targets");
    this.rate = program.feedMemory("rate");
    this.step = optional("step");
    this.key = optional("key");
    this.logits = program.view("logits");
  }

  private Optional<MemorySegment> optional(String feed) {
    return program.plan().feeds().containsKey(feed)
        ? Optional.of(program.feedMemory(feed))
        : Optional.empty();
  }

  public int batch() {
    return batch;
  }

  public Plan plan() {
    return program.plan();
  }

  public Program program() {
    return program;
  }

  /// Learns from one batch.
  ///
  /// @param batchPictures u8 N×H×W×C, channels last as a loader's batch has them
  /// @param batchLabels i32 N, or the targets of a loss that wants others
  /// @param learningRate of this step
  /// @param number of this step, from 1
  public void run(Tensor batchPictures, Tensor batchLabels, double learningRate, long number) {
    pictures.write(batchPictures);
    labels.write(batchLabels);
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

  /// The answers of the last step, f32 [N×classes]: a view, valid until the next step.
  public Tensor logits() {
    return logits;
  }

  /// Runs the last batch again and says which op first gave a number that is not finite. A step
  /// whose loss is not finite has changed no parameter, so this sees what it saw.
  public Optional<String> firstNotFinite() {
    return program.runWatched().map(NotFinite::toString);
  }

  /// The type that pictures must have: u8 [N×H×W×C].
  public TensorType picturesType() {
    return pictures.type();
  }
}
