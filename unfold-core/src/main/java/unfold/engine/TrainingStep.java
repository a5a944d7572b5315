package unfold.engine;

import java.util.Optional;
import unfold.plan.Plan;
import unfold.run.Program;
import unfold.tensor.Tensor;
import unfold.tensor.TensorType;

/// One step of learning from pictures, ready to run again and again. Allocates nothing.
public final class TrainingStep {
  private final Learner learner;
  private final int batch;
  private final Feed pictures;
  private final Feed labels;
  private final Tensor logits;

  TrainingStep(Learner learner, int batch) {
    this.learner = learner;
    this.batch = batch;
    this.pictures = Feed.pictures(learner.program());
    this.labels = learner.feed(learner.plan().feeds().containsKey("labels") ? "labels" : "targets");
    this.logits = learner.view("logits");
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

  /// Takes a batch for the next run of the [#learner].
  ///
  /// @param batchPictures u8 N×H×W×C, channels last as a loader's batch has them
  /// @param batchLabels i32 N, or the targets of a loss that wants others
  public void feed(Tensor batchPictures, Tensor batchLabels) {
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
    return pictures.type();
  }
}
