package unfold.engine;

import unfold.plan.Plan;
import unfold.run.Program;
import unfold.tensor.Tensor;
import unfold.tensor.TensorType;

/// Any program that reads pictures: what layers give, where a network looks.
public final class PictureProgram {
  private final Program program;
  private final Feed pictures;

  PictureProgram(Program program) {
    this.program = program;
    this.pictures = Feed.pictures(program);
  }

  public Plan plan() {
    return program.plan();
  }

  /// Sets an input other than the pictures for the next runs.
  public void feed(String name, Tensor value) {
    program.feed(name, value);
  }

  /// @param batchPictures u8 N×H×W×C, channels last as a loader's batch has them
  public void run(Tensor batchPictures) {
    pictures.write(batchPictures);
    program.run();
  }

  /// A row-major copy of a result of the last run.
  public Tensor result(String name) {
    return program.result(name);
  }

  /// The type of a result.
  public TensorType type(String result) {
    return program.type(result);
  }

  /// The type that pictures must have: u8 [N×H×W×C].
  public TensorType picturesType() {
    return pictures.type();
  }
}
