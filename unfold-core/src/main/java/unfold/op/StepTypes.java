package unfold.op;

import unfold.tensor.DType;
import unfold.tensor.Shape;
import unfold.tensor.TensorType;

/// Operands of one step: all are N rows of some times H numbers.
record StepTypes(Operands in, int rows, int hidden, DType real, DType wide) {

  /// @param gates that operand 0 has
  static StepTypes of(Operands in, int gates) {
    in.rank(0, 2, "N×" + (gates == 1 ? "" : gates) + "H").real(0);
    int width = in.shape(0).dim(1);
    if (width % gates != 0) {
      throw in.error(in.show(0) + " must have " + gates + " equal gates along its last axis");
    }
    DType real = in.dtype(0);
    return new StepTypes(in, in.shape(0).dim(0), width / gates, real, SequenceTypes.wide(real));
  }

  StepTypes wide(int i, int times) {
    in.shape(i, shape(times), times + " per row and hidden unit").dtype(i, wide);
    return this;
  }

  StepTypes narrow(int i, int times) {
    in.shape(i, shape(times), times + " per row and hidden unit").sameDtype(0, i);
    return this;
  }

  void peepholes(int i) {
    in.shape(i, Shape.of(3, hidden), "one row each for i, f and o").dtype(i, wide);
  }

  TensorType real(int times) {
    return new TensorType(real, shape(times));
  }

  TensorType wide(int times) {
    return new TensorType(wide, shape(times));
  }

  private Shape shape(int times) {
    return Shape.of(rows, in.extent((long) times * hidden, "numbers a row"));
  }
}
