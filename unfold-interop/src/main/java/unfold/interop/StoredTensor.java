package unfold.interop;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.Collections;
import java.util.List;
import unfold.error.FormatException;
import unfold.tensor.Shape;
import unfold.tensor.Tensor;
import unfold.tensor.TensorType;

/// A tensor where it lies in a file: described and checked, but not yet read.
///
/// Element (i, j, …) is element `offset + i·strides[0] + j·strides[1] + …` of the storage. Readers
/// guarantee that this stays inside.
///
/// @param name for messages: file and name
/// @param strides in elements, one for each axis
/// @param offset in elements
public record StoredTensor(
    String name,
    ElementType type,
    Shape shape,
    List<Long> strides,
    long offset,
    MemorySegment storage) {
  private static final ValueLayout.OfShort SHORT =
      ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfInt INT =
      ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfLong LONG =
      ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  public StoredTensor {
    strides = List.copyOf(strides);
  }

  /// A row-major tensor that is all of the storage.
  public static StoredTensor dense(
      String name, ElementType type, Shape shape, MemorySegment storage) {
    return new StoredTensor(name, type, shape, rowMajor(shape), 0, storage);
  }

  /// A tensor in memory.
  public static StoredTensor of(String name, Tensor tensor) {
    return dense(name, ElementType.of(tensor.dtype()), tensor.shape(), tensor.data());
  }

  /// Its type once it is read.
  public TensorType readAs() {
    return new TensorType(type.readAs(), shape);
  }

  /// Bytes of the numbers in the file.
  public long bytes() {
    return shape.size() * type.bytes();
  }

  /// Whether its elements lie one after the other in row-major order.
  public boolean dense() {
    List<Long> wanted = rowMajor(shape);
    for (int axis = 0; axis < strides.size(); axis++) {
      if (shape.dim(axis) != 1 && !strides.get(axis).equals(wanted.get(axis))) {
        return shape.size() == 0;
      }
    }
    return true;
  }

  /// The numbers: the mapped file itself if they lie there as memory wants them, else a copy.
  ///
  /// @throws FormatException if a whole number needs more than 32 bits
  public Tensor tensor() {
    if (dense() && type.asItIs()) {
      return Tensor.over(readAs(), storage.asSlice(offset * type.bytes(), bytes()));
    }
    Tensor out = Tensor.zeros(readAs());
    int rank = shape.rank();
    long[] index = new long[rank];
    long at = offset;
    for (long i = 0; i < out.size(); i++) {
      out.set(i, number(at));
      for (int axis = rank - 1; axis >= 0; axis--) {
        at += strides.get(axis);
        if (++index[axis] < shape.dim(axis)) {
          break;
        }
        at -= strides.get(axis) * shape.dim(axis);
        index[axis] = 0;
      }
    }
    return out;
  }

  private double number(long i) {
    return switch (type) {
      case F64 -> Double.longBitsToDouble(storage.getAtIndex(LONG, i));
      case F32 -> Float.intBitsToFloat(storage.getAtIndex(INT, i));
      case BF16 -> Float.intBitsToFloat(storage.getAtIndex(SHORT, i) << 16);
      case F16 -> Float.float16ToFloat(storage.getAtIndex(SHORT, i));
      case I64 -> small(storage.getAtIndex(LONG, i));
      case I32 -> storage.getAtIndex(INT, i);
      case I16 -> storage.getAtIndex(SHORT, i);
      case I8 -> storage.get(ValueLayout.JAVA_BYTE, i);
      case U8 -> storage.get(ValueLayout.JAVA_BYTE, i) & 0xFF;
      case BOOL -> storage.get(ValueLayout.JAVA_BYTE, i) == 0 ? 0 : 1;
    };
  }

  private int small(long value) {
    if (value != (int) value) {
      throw new FormatException(
          name + " holds " + value + ": whole numbers of more than 32 bits are not read");
    }
    return (int) value;
  }

  private static List<Long> rowMajor(Shape shape) {
    var strides = new Long[shape.rank()];
    long step = 1;
    for (int axis = shape.rank() - 1; axis >= 0; axis--) {
      strides[axis] = step;
      step *= shape.dim(axis);
    }
    return Collections.unmodifiableList(java.util.Arrays.asList(strides));
  }

  /// As `f16[64x3x7x7]`.
  @Override
  public String toString() {
    return type + "[" + shape + "]";
  }
}
