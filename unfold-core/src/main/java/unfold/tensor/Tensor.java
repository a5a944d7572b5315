package unfold.tensor;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import unfold.error.ShapeException;
import unfold.memory.Block;

/// Dense numbers in row-major order, off-heap. Memory is freed by the garbage collector.
///
/// Contents can be written; type and place cannot change. Not safe for writing from several threads
/// at once.
public final class Tensor {
  private static final ValueLayout.OfShort SHORT = ValueLayout.JAVA_SHORT_UNALIGNED;
  private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED;
  private static final ValueLayout.OfFloat FLOAT = ValueLayout.JAVA_FLOAT_UNALIGNED;
  private static final ValueLayout.OfDouble DOUBLE = ValueLayout.JAVA_DOUBLE_UNALIGNED;

  private final TensorType type;
  private final MemorySegment data;

  private Tensor(TensorType type, MemorySegment data) {
    this.type = type;
    this.data = data;
  }

  public static Tensor zeros(TensorType type) {
    return new Tensor(type, Block.in(Arena.ofAuto(), Math.max(1, type.bytes())));
  }

  public static Tensor zeros(DType dtype, int... dims) {
    return zeros(TensorType.of(dtype, dims));
  }

  /// Over memory that exists already (a mapped file, an arena): it must hold exactly the type's
  /// bytes.
  public static Tensor over(TensorType type, MemorySegment data) {
    if (data.byteSize() < type.bytes()) {
      throw new ShapeException(
          "a tensor "
              + type
              + " needs "
              + type.bytes()
              + " bytes, but the memory has "
              + data.byteSize());
    }
    return new Tensor(type, data);
  }

  public static Tensor of(Shape shape, float... values) {
    Tensor t = zeros(new TensorType(DType.F32, shape));
    t.copyFrom(values);
    return t;
  }

  public static Tensor of(Shape shape, int... values) {
    Tensor t = zeros(new TensorType(DType.I32, shape));
    requireCount(t, values.length);
    for (int i = 0; i < values.length; i++) {
      t.data.setAtIndex(INT, i, values[i]);
    }
    return t;
  }

  public static Tensor scalar(float value) {
    return of(Shape.SCALAR, value);
  }

  public TensorType type() {
    return type;
  }

  public DType dtype() {
    return type.dtype();
  }

  public Shape shape() {
    return type.shape();
  }

  public long size() {
    return type.shape().size();
  }

  /// The memory itself.
  public MemorySegment data() {
    return data;
  }

  /// Element i in row-major order, whatever the element type.
  public double get(long i) {
    return read(data, type.dtype(), i);
  }

  /// How many elements are NaN or infinite.
  public long notFinite() {
    if (!type.dtype().isFloat()) {
      return 0;
    }
    long n = size();
    long count = 0;
    if (type.dtype() == DType.F32) {
      for (long i = 0; i < n; i++) {
        count += Float.isFinite(data.getAtIndex(FLOAT, i)) ? 0 : 1;
      }
    } else {
      for (long i = 0; i < n; i++) {
        count += Double.isFinite(get(i)) ? 0 : 1;
      }
    }
    return count;
  }

  /// Writes element i, rounded to the element type (integers: to nearest, u8 saturates).
  public void set(long i, double value) {
    write(data, type.dtype(), i, value);
  }

  /// Element i of memory that holds numbers of this type.
  public static double read(MemorySegment data, DType dtype, long i) {
    return switch (dtype) {
      case F64 -> data.getAtIndex(DOUBLE, i);
      case F32 -> data.getAtIndex(FLOAT, i);
      case BF16 -> Bf16.toFloat(data.getAtIndex(SHORT, i));
      case I32 -> data.getAtIndex(INT, i);
      case U8 -> data.get(ValueLayout.JAVA_BYTE, i) & 0xFF;
    };
  }

  /// Writes element i of memory that holds numbers of this type, rounded as [#set] does.
  public static void write(MemorySegment data, DType dtype, long i, double value) {
    switch (dtype) {
      case F64 -> data.setAtIndex(DOUBLE, i, value);
      case F32 -> data.setAtIndex(FLOAT, i, (float) value);
      case BF16 -> data.setAtIndex(SHORT, i, Bf16.fromDouble(value));
      case I32 -> data.setAtIndex(INT, i, (int) Math.rint(value));
      case U8 ->
          data.set(ValueLayout.JAVA_BYTE, i, (byte) (int) Math.clamp(Math.rint(value), 0, 255));
    }
  }

  public void copyFrom(float[] values) {
    requireCount(this, values.length);
    if (type.dtype() == DType.F32) {
      MemorySegment.copy(values, 0, data, FLOAT, 0, values.length);
      return;
    }
    for (int i = 0; i < values.length; i++) {
      set(i, values[i]);
    }
  }

  /// All elements as floats.
  public float[] toFloats() {
    float[] out = new float[Math.toIntExact(size())];
    if (type.dtype() == DType.F32) {
      MemorySegment.copy(data, FLOAT, 0, out, 0, out.length);
    } else {
      for (int i = 0; i < out.length; i++) {
        out[i] = (float) get(i);
      }
    }
    return out;
  }

  /// All elements as doubles.
  public double[] toDoubles() {
    double[] out = new double[Math.toIntExact(size())];
    for (int i = 0; i < out.length; i++) {
      out[i] = get(i);
    }
    return out;
  }

  /// The same numbers in another element type.
  public Tensor to(DType dtype) {
    Tensor out = zeros(type.with(dtype));
    for (long i = 0; i < size(); i++) {
      out.set(i, get(i));
    }
    return out;
  }

  /// A copy in memory of its own.
  public Tensor copy() {
    Tensor out = zeros(type);
    MemorySegment.copy(data, 0, out.data, 0, type.bytes());
    return out;
  }

  /// The same memory seen with another shape of the same size.
  public Tensor reshape(Shape shape) {
    if (shape.size() != size()) {
      throw new ShapeException(
          "cannot see "
              + type
              + " ("
              + size()
              + " elements) as "
              + shape
              + " ("
              + shape.size()
              + ")");
    }
    return new Tensor(type.with(shape), data);
  }

  private static void requireCount(Tensor t, int count) {
    if (t.size() != count) {
      throw new ShapeException(
          "a tensor "
              + t.type
              + " has "
              + t.size()
              + " elements, but "
              + count
              + " values were given");
    }
  }

  @Override
  public String toString() {
    var text = new StringBuilder(type.toString()).append(" {");
    for (long i = 0; i < Math.min(8, size()); i++) {
      text.append(i == 0 ? "" : ", ").append((float) get(i));
    }
    return text.append(size() > 8 ? ", …}" : "}").toString();
  }
}
