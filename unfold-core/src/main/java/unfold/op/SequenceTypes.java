package unfold.op;

import unfold.tensor.DType;
import unfold.tensor.Shape;
import unfold.tensor.TensorType;

/// The extents of a recurrent op, read from its operands and checked against each other.
///
/// @param hidden units of a gate
/// @param output numbers of h a row
record SequenceTypes(DType real, int steps, int rows, int hidden, int output) {

  /// From p (operand 0), h (1), w and lengths.
  ///
  /// @param gates that p has
  static SequenceTypes forward(Operands in, int gates, int w, int lengths) {
    in.rank(0, 3, "T×N×" + (gates == 1 ? "" : gates) + "H").real(0).rank(1, 2, "N×R");
    in.sameDtype(0, 1).sameDtype(0, w);
    Shape p = in.shape(0);
    if (p.dim(2) % gates != 0) {
      throw in.error(in.show(0) + " must have " + gates + " equal gates along its last axis");
    }
    if (in.shape(1).dim(0) != p.dim(1)) {
      throw in.error(in.show(1) + " must have the " + p.dim(1) + " rows of " + in.show(0));
    }
    in.extent(p.dim(0) + 1L, "moments");
    var types =
        new SequenceTypes(in.dtype(0), p.dim(0), p.dim(1), p.dim(2) / gates, in.shape(1).dim(1));
    types.requireWeight(in, gates, w);
    types.requireLengths(in, lengths);
    types.requireSquare(in, gates, 1);
    return types;
  }

  /// From the gradient of the states (operand 0), w and lengths.
  ///
  /// @param gates that w leads to
  static SequenceTypes backward(Operands in, int gates, int w, int lengths) {
    in.rank(0, 3, "(T+1)×N×R").real(0).rank(w, 2, "gates×R").sameDtype(0, w);
    Shape states = in.shape(0);
    if (states.dim(0) < 1) {
      throw in.error(in.show(0) + " must have at least the initial state");
    }
    var types =
        new SequenceTypes(
            in.dtype(0),
            states.dim(0) - 1,
            states.dim(1),
            in.shape(w).dim(0) / gates,
            states.dim(2));
    types.requireWeight(in, gates, w);
    types.requireLengths(in, lengths);
    types.requireSquare(in, gates, 0);
    return types;
  }

  /// Only an LSTM may have a projection.
  private void requireSquare(Operands in, int gates, int states) {
    if (gates != 4 && output != hidden) {
      throw in.error(
          in.show(states) + " must have " + hidden + " numbers a row, one for each hidden unit");
    }
  }

  private void requireWeight(Operands in, int gates, int w) {
    in.shape(w, Shape.of(gates * hidden, output), "it leads from h to the gates");
  }

  private void requireLengths(Operands in, int at) {
    if (in.count() > at) {
      in.dtype(at, DType.I32).shape(at, Shape.of(rows), "one length per row");
    }
  }

  /// Type of c, biases and peepholes.
  DType wide() {
    return wide(real);
  }

  static DType wide(DType real) {
    return real == DType.F64 ? DType.F64 : DType.F32;
  }

  /// h at every moment.
  TensorType states() {
    return new TensorType(real, Shape.of(steps + 1, rows, output));
  }

  /// `width` numbers for every step and row.
  TensorType steps(int width) {
    return new TensorType(real, Shape.of(steps, rows, width));
  }

  /// h at one moment.
  TensorType initial() {
    return new TensorType(real, Shape.of(rows, output));
  }
}
