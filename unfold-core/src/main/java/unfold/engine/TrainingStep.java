package unfold.engine;

import java.lang.foreign.MemorySegment;
import java.util.Optional;
import unfold.plan.Plan;
import unfold.run.Program;
import unfold.tensor.Tensor;
import unfold.tensor.TensorType;

/// One step of learning from pictures, ready to run again and again. Allocates nothing.
public final class TrainingStep {
  private final Learner learner;
  private final int batch;
  private final int parts;
  private final Feed pictures;
  private final Feed labels;
  private final Tensor partLogits;
  private final Tensor logits;
  private Optional<Tensor> wholePictures = Optional.empty();
  private Optional<Tensor> wholeLabels = Optional.empty();

  TrainingStep(Learner learner, int batch, int parts) {
    this.learner = learner;
    this.batch = batch;
    this.parts = parts;
    this.pictures = Feed.pictures(learner.program());
    this.labels = learner.feed(learner.plan().feeds().containsKey("labels") ? "labels" : "targets");
    this.partLogits = learner.view("logits");
    this.logits = parts == 1 ? partLogits : Tensor.zeros(Feed.times(partLogits.type(), parts));
    if (parts > 1) {
      learner.around(new Parts());
    }
  }

  /// Brings the parts of a batch in and their answers out.
  private final class Parts implements Learner.Around {
    @Override
    public void before(int part) {
      pictures.write(wholePictures.orElseThrow(), part, parts);
      labels.write(wholeLabels.orElseThrow(), part, parts);
    }

    @Override
    public void after(int part) {
      long bytes = partLogits.type().bytes();
      MemorySegment.copy(partLogits.data(), 0, logits.data(), part * bytes, bytes);
    }
  }

  public int batch() {
    return batch;
  }

  public Plan plan() {
    return learner.plan();
  }

  public Program program() {
    return learner.program();
  }

  /// The part that steps of every kind have.
  public Learner learner() {
    return learner;
  }

  /// Takes a batch for the next run of the [#learner]. A step in several parts reads it during that
  /// run.
  ///
  /// @param batchPictures u8 N×H×W×C, channels last as a loader's batch has them
  /// @param batchLabels i32 N, or the targets of a loss that wants others
  public void feed(Tensor batchPictures, Tensor batchLabels) {
    if (parts > 1) {
      wholePictures = Optional.of(batchPictures);
      wholeLabels = Optional.of(batchLabels);
      return;
    }
    pictures.write(batchPictures);
    labels.write(batchLabels);
  }

  /// Learns from one batch.
  ///
  /// @param batchPictures u8 N×H×W×C, channels last as a loader's batch has them
  /// @param batchLabels i32 N, or the targets of a loss that wants others
  /// @param learningRate of this step
  /// @param number of this step, from 1
  public void run(Tensor batchPictures, Tensor batchLabels, double learningRate, long number) {
    feed(batchPictures, batchLabels);
    learner.run(learningRate, number);
  }

  /// The loss of the last step's batch, before its update.
  public float loss() {
    return learner.loss();
  }

  /// The answers of the last step, f32 [N×classes]: a view, valid until the next step.
  public Tensor logits() {
    return logits;
  }

  /// As [Learner#firstNotFinite].
  public Optional<String> firstNotFinite() {
    return learner.firstNotFinite();
  }

  /// The type that pictures must have: u8 [N×H×W×C].
  public TensorType picturesType() {
    return Feed.times(pictures.type(), parts);
  }
}
