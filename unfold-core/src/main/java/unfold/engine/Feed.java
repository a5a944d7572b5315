package unfold.engine;

import java.lang.foreign.MemorySegment;
import unfold.error.ShapeException;
import unfold.run.Program;
import unfold.tensor.Shape;
import unfold.tensor.Tensor;
import unfold.tensor.TensorType;

/// An input of a program as the host lays it out: a copy of whole batches, checked.
///
/// @param type that tensors to write must have
public record Feed(String name, TensorType type, MemorySegment memory) {

  /// The feed `pictures`: u8 [N×H×W×C], channels last, as programs keep them.
  public static Feed pictures(Program program) {
    Feed raw = of(program, "pictures");
    Shape s = raw.type.shape();
    return new Feed(
        raw.name, raw.type.with(Shape.of(s.dim(0), s.dim(2), s.dim(3), s.dim(1))), raw.memory);
  }

  public static Feed of(Program program, String name) {
    return new Feed(name, program.type(name), program.feedMemory(name));
  }

  /// Copies one of several equal parts of a larger tensor, as they follow each other on its first
  /// axis.
  ///
  /// @throws ShapeException if the whole is not `parts` times the feed
  public void write(Tensor whole, int part, int parts) {
    TensorType wanted = times(type, parts);
    if (!whole.type().equals(wanted)) {
      throw new ShapeException(
          name + ": the step takes " + wanted + ", but was given " + whole.type());
    }
    MemorySegment.copy(whole.data(), part * type.bytes(), memory, 0, type.bytes());
  }

  /// The type of so many parts together.
  static TensorType times(TensorType part, int parts) {
    return part.with(part.shape().with(0, part.shape().dim(0) * parts));
  }

  /// @throws ShapeException if the values are not of the feed's type
  public void write(Tensor values) {
    if (!values.type().equals(type)) {
      throw new ShapeException(
          name + ": the program takes " + type + ", but was given " + values.type());
    }
    MemorySegment.copy(values.data(), 0, memory, 0, type.bytes());
  }
}
