package unfold.backend.reference;

import java.lang.foreign.MemorySegment;
import unfold.backend.Layout;
import unfold.error.GraphException;
import unfold.tensor.Tensor;
import unfold.tensor.TensorType;

/// Memory of any element type and strides, read into numbers and written from them.
final class Place {
  private final TensorType type;
  private final long[] strides;
  private final MemorySegment memory;

  private Place(TensorType type, long[] strides, MemorySegment memory) {
    this.type = type;
    this.strides = strides;
    this.memory = memory;
  }

  static Place of(Tensor t) {
    return new Place(t.type(), t.shape().strides(), t.data());
  }

  /// @param memory may be [MemorySegment#NULL] for a result that nobody wants
  /// @throws GraphException if the memory is too small
  static Place of(TensorType type, Layout.Strided layout, MemorySegment memory, String who) {
    if (!memory.equals(MemorySegment.NULL) && memory.byteSize() < layout.bytes(type)) {
      throw new GraphException(
          who
              + " "
              + type
              + " in "
              + layout
              + " takes "
              + layout.bytes(type)
              + " bytes, but its memory has "
              + memory.byteSize());
    }
    return new Place(type, layout.strides().stream().mapToLong(Long::longValue).toArray(), memory);
  }

  void decode(Numbers to) {
    int last = lastExtent();
    for (long i = 0; i < to.size(); i += last) {
      long row = Strides.offset(i, type.shape(), strides);
      for (int j = 0; j < last; j++) {
        to.set(i + j, Tensor.read(memory, type.dtype(), row + j * lastStride()));
      }
    }
  }

  void encode(Numbers from) {
    if (memory.equals(MemorySegment.NULL)) {
      return;
    }
    int last = lastExtent();
    for (long i = 0; i < from.size(); i += last) {
      long row = Strides.offset(i, type.shape(), strides);
      for (int j = 0; j < last; j++) {
        Tensor.write(memory, type.dtype(), row + j * lastStride(), from.get(i + j));
      }
    }
  }

  private int lastExtent() {
    return strides.length == 0 ? 1 : type.shape().dim(-1);
  }

  private long lastStride() {
    return strides.length == 0 ? 0 : strides[strides.length - 1];
  }
}
