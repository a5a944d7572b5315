package unfold.backend.vector;

import java.util.ArrayList;
import java.util.List;
import unfold.backend.Call;
import unfold.backend.Kernel;
import unfold.backend.Layout;
import unfold.backend.Offer;
import unfold.backend.Workers;
import unfold.op.Movement;
import unfold.op.Movement.Broadcast;
import unfold.op.Movement.Concat;
import unfold.op.Movement.Pad;
import unfold.op.Movement.Reshape;
import unfold.op.Movement.Slice;
import unfold.op.Movement.Transpose;
import unfold.op.Movement.Unslice;
import unfold.tensor.Bf16;
import unfold.tensor.DType;
import unfold.tensor.Shape;
import unfold.tensor.TensorType;

/// Offers for ops that move elements: each is one or several strided copies, after a fill where the
/// copies leave gaps. Operands may have any strides.
final class Movements {
  private final Workers workers;

  Movements(Workers workers) {
    this.workers = workers;
  }

  Offer offer(Movement op, Call call) {
    TensorType x = call.inputs().getFirst();
    TensorType y = call.outputs().getFirst();
    int bytes = x.dtype().bytes();
    List<Long> from = strides(call, 0);
    List<Long> to = Layout.standard(y.shape()).strides();
    return switch (op) {
      case Reshape _ -> reshape(call, bytes, from, to);
      case Transpose(var order) ->
          moved(
              call,
              StridedCopy.of(bytes, y.shape().toList(), order.stream().map(from::get).toList(), to),
              0,
              0,
              FILL_NOTHING);
      case Broadcast _ ->
          moved(
              call,
              StridedCopy.of(bytes, y.shape().toList(), stretched(x.shape(), from, y.shape()), to),
              0,
              0,
              FILL_NOTHING);
      case Concat(int axis) -> concat(call, axis, bytes, to);
      case Slice(var starts, var sizes, var steps) ->
          moved(
              call,
              StridedCopy.of(bytes, sizes, times(from, steps), to),
              offset(from, starts),
              0,
              FILL_NOTHING);
      case Unslice(var starts, var steps, var _) ->
          moved(
              call,
              StridedCopy.of(bytes, x.shape().toList(), from, times(to, steps)),
              0,
              offset(to, starts),
              0);
      case Pad(var before, var _, double value) ->
          moved(
              call,
              StridedCopy.of(bytes, x.shape().toList(), from, to),
              0,
              offset(to, before),
              pattern(x.dtype(), value));
    };
  }

  private static final long FILL_NOTHING = -1;

  /// @param fill bit pattern of an element to fill the result with before, or FILL_NOTHING
  private Offer moved(Call call, StridedCopy copy, long from, long to, long fill) {
    TensorType y = call.outputs().getFirst();
    return Offer.of(
        strided(
            call,
            copy.label(),
            (in, out, _) -> {
              Kernel move =
                  copy.bind(workers, in[0] + from * copy.bytes(), out[0] + to * copy.bytes());
              if (fill == FILL_NOTHING) {
                return move;
              }
              Kernel fills = Fills.kernel(workers, y, (int) fill, out[0]);
              return () -> {
                fills.run();
                move.run();
              };
            }));
  }

  private Offer reshape(Call call, int bytes, List<Long> from, List<Long> to) {
    var x = call.inputs().getFirst().shape();
    var y = call.outputs().getFirst().shape();
    if (same(from, Layout.rowMajor(x)) && same(to, Layout.rowMajor(y))) {
      return moved(call, StridedCopy.of(bytes, x.toList(), from, from), 0, 0, FILL_NOTHING);
    }
    var common = Refinement.of(x, y);
    if (common.isEmpty()) {
      return Offer.declined("no box of axes is common to [" + x + "] and [" + y + "]");
    }
    var c = common.get();
    return moved(
        call, StridedCopy.of(bytes, c.extents(), c.first(from), c.second(to)), 0, 0, FILL_NOTHING);
  }

  private static boolean same(List<Long> strides, Layout.Strided layout) {
    return strides.equals(layout.strides());
  }

  private Offer concat(Call call, int axis, int bytes, List<Long> to) {
    var copies = new ArrayList<StridedCopy>();
    for (int i = 0; i < call.inputs().size(); i++) {
      copies.add(
          StridedCopy.of(bytes, call.inputs().get(i).shape().toList(), strides(call, i), to));
    }
    return Offer.of(
        strided(
            call,
            "lines",
            (in, out, _) -> {
              var moves = new Kernel[in.length];
              long at = out[0];
              for (int i = 0; i < in.length; i++) {
                moves[i] = copies.get(i).bind(workers, in[i], at);
                at += call.inputs().get(i).shape().dim(axis) * to.get(axis) * bytes;
              }
              return () -> {
                for (Kernel move : moves) {
                  move.run();
                }
              };
            }));
  }

  /// Operands as they lie, if they are strided; the result in standard layout.
  private static Ours strided(Call call, String label, Ours.Binder binder) {
    var inputs = new ArrayList<Layout>();
    for (int i = 0; i < call.inputs().size(); i++) {
      inputs.add(new Layout.Strided(strides(call, i)));
    }
    return new Ours(
        call,
        label,
        inputs,
        List.of(Layout.standard(call.outputs().getFirst().shape())),
        List.of(),
        0,
        binder);
  }

  private static List<Long> strides(Call call, int i) {
    return call.layouts().get(i) instanceof Layout.Strided(var strides)
        ? strides
        : Layout.standard(call.inputs().get(i).shape()).strides();
  }

  private static List<Long> stretched(Shape x, List<Long> strides, Shape y) {
    var list = new ArrayList<Long>();
    for (int i = 0; i < y.rank(); i++) {
      int axis = i - y.rank() + x.rank();
      list.add(axis < 0 || x.dim(axis) == 1 ? 0L : strides.get(axis));
    }
    return list;
  }

  private static List<Long> times(List<Long> strides, List<Integer> steps) {
    var list = new ArrayList<Long>();
    for (int i = 0; i < strides.size(); i++) {
      list.add(strides.get(i) * steps.get(i));
    }
    return list;
  }

  private static long offset(List<Long> strides, List<Integer> starts) {
    long offset = 0;
    for (int i = 0; i < strides.size(); i++) {
      offset += strides.get(i) * starts.get(i);
    }
    return offset;
  }

  /// The bits of a number in an element type, in the low bytes.
  static long pattern(DType dtype, double value) {
    return switch (dtype) {
      case F32 -> Float.floatToRawIntBits((float) value) & 0xFFFFFFFFL;
      case BF16 -> Bf16.fromFloat((float) value) & 0xFFFFL;
      case I32 -> (int) Math.rint(value) & 0xFFFFFFFFL;
      case U8 -> (int) Math.clamp(Math.rint(value), 0, 255);
      case F64 -> throw new IllegalArgumentException("f64 is declined before");
    };
  }
}
