package unfold.engine;

import unfold.plan.Plan;
import unfold.run.Program;
import unfold.tensor.Tensor;
import unfold.tensor.TensorType;

/// Answers for batches of one size. Allocates nothing.
public final class Inference {
  private final Program program;
  private final int batch;
  private final Feed pictures;
  private final Tensor logits;

  Inference(Program program, int batch) {
    this.program = program;
    this.batch = batch;
    this.pictures = Feed.pictures(program);
    this.logits = program.view("logits");
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

  /// @param batchPictures u8 N×H×W×C, channels last as a loader's batch has them
  public void run(Tensor batchPictures) {
    pictures.write(batchPictures);
    program.run();
  }

  /// The answers of the last run, f32 [N×classes]: a view, valid until the next run.
  public Tensor logits() {
    return logits;
  }

  /// A row-major copy of a value that this inference was asked to keep.
  public Tensor value(String name) {
    return program.value(name);
  }

  /// The type that pictures must have: u8 [N×H×W×C].
  public TensorType picturesType() {
    return pictures.type();
  }
}
