package unfold.backend.reference;

import java.util.List;
import unfold.op.Movement;
import unfold.op.Movement.Broadcast;
import unfold.op.Movement.Concat;
import unfold.op.Movement.Pad;
import unfold.op.Movement.Reshape;
import unfold.op.Movement.Slice;
import unfold.op.Movement.Transpose;
import unfold.op.Movement.Unslice;
import unfold.tensor.Shape;

/// Ops that move elements: each is a walk over one side with strides into the other.
final class MovementKernels {
  private MovementKernels() {}

  static void run(Movement op, List<Numbers> in, List<Numbers> out) {
    Numbers y = out.getFirst();
    switch (op) {
      case Reshape _ -> write(in.getFirst(), y, 0, in.getFirst().shape().strides());
      case Transpose(List<Integer> order) -> {
        long[] dense = in.getFirst().shape().strides();
        read(in.getFirst(), 0, order.stream().mapToLong(axis -> dense[axis]).toArray(), y);
      }
      case Broadcast(Shape shape) ->
          read(in.getFirst(), 0, Strides.stretched(in.getFirst().shape(), shape), y);
      case Concat(int axis) -> {
        long[] strides = y.shape().strides();
        long start = 0;
        for (Numbers x : in) {
          write(x, y, start, strides);
          start += x.dim(axis) * strides[axis];
        }
      }
      case Slice(List<Integer> starts, List<Integer> _, List<Integer> steps) -> {
        long[] dense = in.getFirst().shape().strides();
        read(in.getFirst(), offset(starts, dense), scaled(dense, steps), y);
      }
      case Unslice(List<Integer> starts, List<Integer> steps, Shape shape) -> {
        y.fill(0);
        long[] dense = shape.strides();
        write(in.getFirst(), y, offset(starts, dense), scaled(dense, steps));
      }
      case Pad(List<Integer> before, List<Integer> _, double value) -> {
        y.fill(value);
        long[] dense = y.shape().strides();
        write(in.getFirst(), y, offset(before, dense), dense);
      }
    }
  }

  /// y[i…] = x[start + Σ i·stride]
  private static void read(Numbers x, long start, long[] strides, Numbers y) {
    for (long i = 0; i < y.size(); i++) {
      y.set(i, x.get(start + Strides.offset(i, y.shape(), strides)));
    }
  }

  /// y[start + Σ i·stride] = x[i…]
  private static void write(Numbers x, Numbers y, long start, long[] strides) {
    for (long i = 0; i < x.size(); i++) {
      y.set(start + Strides.offset(i, x.shape(), strides), x.get(i));
    }
  }

  private static long offset(List<Integer> index, long[] strides) {
    long offset = 0;
    for (int axis = 0; axis < strides.length; axis++) {
      offset += index.get(axis) * strides[axis];
    }
    return offset;
  }

  private static long[] scaled(long[] strides, List<Integer> steps) {
    long[] out = new long[strides.length];
    for (int axis = 0; axis < out.length; axis++) {
      out[axis] = strides[axis] * steps.get(axis);
    }
    return out;
  }
}
