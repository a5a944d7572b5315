package unfold.run;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import unfold.backend.Layout;
import unfold.tensor.Shape;
import unfold.tensor.Tensor;
import unfold.tensor.TensorType;

/// Copies between row-major host tensors and strided memory of the same type.
final class Transfer {
  private static final ValueLayout.OfByte BYTE = ValueLayout.JAVA_BYTE;
  private static final ValueLayout.OfShort SHORT = ValueLayout.JAVA_SHORT_UNALIGNED;
  private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED;
  private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED;

  private final Shape shape;
  private final int elementBytes;
  private final long[] strides;
  private final long[] rowMajor;
  private final boolean dense;

  private Transfer(TensorType type, Layout.Strided layout) {
    this.shape = type.shape();
    this.elementBytes = type.dtype().bytes();
    this.strides = layout.strides().stream().mapToLong(Long::longValue).toArray();
    this.rowMajor = shape.strides();
    boolean same = true;
    for (int i = 0; i < strides.length; i++) {
      same &= shape.dim(i) <= 1 || strides[i] == rowMajor[i];
    }
    this.dense = same;
  }

  static void write(Tensor from, MemorySegment to, Layout.Strided layout) {
    var t = new Transfer(from.type(), layout);
    if (t.dense) {
      MemorySegment.copy(from.data(), 0, to, 0, from.type().bytes());
    } else if (from.size() > 0) {
      t.axis(0, 0, 0, from.data(), to, true);
    }
  }

  static void read(MemorySegment from, Layout.Strided layout, Tensor to) {
    var t = new Transfer(to.type(), layout);
    if (t.dense) {
      MemorySegment.copy(from, 0, to.data(), 0, to.type().bytes());
    } else if (to.size() > 0) {
      t.axis(0, 0, 0, to.data(), from, false);
    }
  }

  /// Walks axis by axis; host and device offsets in elements.
  private void axis(
      int i, long host, long device, MemorySegment hostData, MemorySegment data, boolean write) {
    if (i == strides.length - 1) {
      row(host, device, hostData, data, write);
      return;
    }
    for (int k = 0; k < shape.dim(i); k++) {
      axis(i + 1, host + k * rowMajor[i], device + k * strides[i], hostData, data, write);
    }
  }

  /// The last axis: contiguous on the host. One loop for each size of element, so that each is
  /// compiled by itself.
  private void row(
      long host, long device, MemorySegment hostData, MemorySegment data, boolean write) {
    long step = strides[strides.length - 1] * elementBytes;
    long h = host * elementBytes;
    long d = device * elementBytes;
    int n = shape.dim(-1);
    MemorySegment from = write ? hostData : data;
    MemorySegment to = write ? data : hostData;
    long fromAt = write ? h : d;
    long toAt = write ? d : h;
    long fromStep = write ? elementBytes : step;
    long toStep = write ? step : elementBytes;
    switch (elementBytes) {
      case 1 -> {
        for (int k = 0; k < n; k++) {
          to.set(BYTE, toAt + k * toStep, from.get(BYTE, fromAt + k * fromStep));
        }
      }
      case 2 -> {
        for (int k = 0; k < n; k++) {
          to.set(SHORT, toAt + k * toStep, from.get(SHORT, fromAt + k * fromStep));
        }
      }
      case 4 -> {
        for (int k = 0; k < n; k++) {
          to.set(INT, toAt + k * toStep, from.get(INT, fromAt + k * fromStep));
        }
      }
      case 8 -> {
        for (int k = 0; k < n; k++) {
          to.set(LONG, toAt + k * toStep, from.get(LONG, fromAt + k * fromStep));
        }
      }
      default -> throw new IllegalStateException("no element has " + elementBytes + " bytes");
    }
  }
}
