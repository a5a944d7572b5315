package unfold.backend.composed;

import java.lang.foreign.MemorySegment;
import unfold.tensor.DType;

/// Where a step's result goes, and what stands there for rows that have ended. Numbers of operands
/// are those of the same step.
record Result(MemorySegment memory, Ended ended) {

  /// What a row has that has ended.
  sealed interface Ended {
    /// Zeros.
    record Zero() implements Ended {}

    /// What an operand has.
    record Keep(int operand) implements Ended {}

    /// The sum of an operand of type `real` and one in f32.
    record Sum(DType real, int outside, int later) implements Ended {}
  }

  /// Nothing happens to rows that have ended: zeros.
  static Result zero(MemorySegment memory) {
    return new Result(memory, new Ended.Zero());
  }

  /// The state of rows that have ended goes on.
  static Result keep(MemorySegment memory, int operand) {
    return new Result(memory, new Ended.Keep(operand));
  }

  /// All of the gradient of rows that have ended goes on, and what comes from outside to it.
  static Result sum(MemorySegment memory, DType real, int outside, int later) {
    return new Result(memory, new Ended.Sum(real, outside, later));
  }
}
