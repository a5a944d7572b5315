package unfold.op;

import java.util.List;
import unfold.error.ShapeException;
import unfold.tensor.DType;
import unfold.tensor.Shape;
import unfold.tensor.TensorType;

/// The operand types of one call with their names, so that a complaint can name them.
final class Operands {
  private final String op;
  private final List<TensorType> types;
  private final String[] names;

  private Operands(String op, List<TensorType> types, String[] names) {
    this.op = op;
    this.types = types;
    this.names = names;
  }

  /// Names ending in `?` are optional, from the end.
  static Operands of(Op op, List<TensorType> types, String... names) {
    long needed = 0;
    for (String n : names) {
      needed += n.endsWith("?") ? 0 : 1;
    }
    var in = new Operands(op.name(), types, names);
    if (types.size() < needed || types.size() > names.length) {
      throw in.error(
          "got "
              + types.size()
              + " operands "
              + types
              + ", but needs "
              + (names.length == 0 ? "none" : String.join(", ", names)));
    }
    return in;
  }

  int count() {
    return types.size();
  }

  TensorType type(int i) {
    return types.get(i);
  }

  Shape shape(int i) {
    return types.get(i).shape();
  }

  DType dtype(int i) {
    return types.get(i).dtype();
  }

  String name(int i) {
    return i < names.length ? names[i].replace("?", "") : "operand " + i;
  }

  /// `x [8x3x32x32]`.
  String show(int i) {
    return name(i) + " [" + shape(i) + "]";
  }

  Operands rank(int i, int rank, String axes) {
    if (shape(i).rank() != rank) {
      throw error(
          show(i)
              + " has rank "
              + shape(i).rank()
              + ", but needs rank "
              + rank
              + " ("
              + axes
              + ")");
    }
    return this;
  }

  Operands real(int i) {
    if (!dtype(i).isFloat()) {
      throw error(show(i) + " is " + dtype(i) + ", but must be a real type; cast it first");
    }
    return this;
  }

  Operands dtype(int i, DType dtype) {
    if (dtype(i) != dtype) {
      throw error(show(i) + " is " + dtype(i) + ", but needs " + dtype + "; cast it first");
    }
    return this;
  }

  Operands sameDtype(int i, int j) {
    if (dtype(i) != dtype(j)) {
      throw error(
          show(i)
              + " is "
              + dtype(i)
              + ", but "
              + show(j)
              + " is "
              + dtype(j)
              + "; cast one of them");
    }
    return this;
  }

  /// Operand j may keep full precision beside a low-precision operand i.
  Operands sameOrWider(int i, int j) {
    if (dtype(j) != dtype(i) && !(dtype(i) == DType.BF16 && dtype(j) == DType.F32)) {
      throw error(
          show(j)
              + " is "
              + dtype(j)
              + ", but beside "
              + show(i)
              + " of "
              + dtype(i)
              + " it must be "
              + dtype(i)
              + (dtype(i) == DType.BF16 ? " or f32" : ""));
    }
    return this;
  }

  Operands shape(int i, Shape wanted, String why) {
    if (!shape(i).equals(wanted)) {
      throw error(show(i) + " must be [" + wanted + "]: " + why);
    }
    return this;
  }

  /// An extent of a result.
  int extent(long extent, String what) {
    if (extent > Integer.MAX_VALUE) {
      throw error("the result would have " + extent + " " + what + ", more than fit");
    }
    return (int) extent;
  }

  ShapeException error(String problem) {
    return new ShapeException(op + ": " + problem);
  }
}
