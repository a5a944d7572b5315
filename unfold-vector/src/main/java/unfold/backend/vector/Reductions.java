package unfold.backend.vector;

import java.util.ArrayList;
import java.util.List;
import unfold.backend.Call;
import unfold.backend.Layout;
import unfold.backend.Offer;
import unfold.backend.Workers;
import unfold.op.Reduction;
import unfold.op.Reduction.ArgMax;
import unfold.op.Reduction.Reduce;
import unfold.tensor.DType;
import unfold.tensor.Shape;
import unfold.tensor.TensorType;

/// Offers for folding axes that lie side by side in memory.
final class Reductions {
  private final Workers workers;

  Reductions(Workers workers) {
    this.workers = workers;
  }

  Offer offer(Reduction op, Call call) {
    return switch (op) {
      case Reduce reduce -> reduce(reduce, call);
      case ArgMax(int axis) -> argMax(axis, call);
    };
  }

  /// A tensor in memory as outer × folded × inner, of which the middle is folded.
  private record Middle(long outer, long folded, long inner) {}

  private Offer reduce(Reduce op, Call call) {
    TensorType x = call.inputs().getFirst();
    if (op.out() != DType.F32 && op.out() != DType.BF16) {
      return Offer.declined("writes f32 and bf16, not " + op.out());
    }
    long[] m = {1, 1, 1};
    int stage = 0;
    for (int axis : Broadcasting.memoryOrder(x.shape())) {
      if (x.shape().dim(axis) > 1) {
        boolean folds = op.axes().contains(axis);
        if (folds && stage == 0 || !folds && stage == 1) {
          stage++;
        }
        if (folds && stage == 2) {
          return Offer.declined("axes " + op.axes() + " of " + x + " lie apart in memory");
        }
        m[stage] *= x.shape().dim(axis);
      }
    }
    var middle = m[1] == 1 ? new Middle(1, 1, x.shape().size()) : new Middle(m[0], m[1], m[2]);
    boolean bf16 = x.dtype() == DType.BF16;
    boolean toBf16 = op.out() == DType.BF16;
    double factor = op.fold() == Reduction.Fold.MEAN ? 1.0 / middle.folded() : 1;
    var fold = Fold.of(op.fold());
    Layout out = outLayout(x.shape(), op, call.outputs().getFirst().shape());
    var in = List.of((Layout) Layout.standard(x.shape()));
    if (middle.inner() == 1) {
      int parts = LineFold.parts(workers, middle.outer(), middle.folded(), x.bytes());
      return Offer.of(
          new Ours(
              call,
              "lines",
              in,
              List.of(out),
              List.of(),
              8L * parts,
              (i, o, scratch) ->
                  LineFold.bind(
                      workers,
                      parts,
                      bf16,
                      toBf16,
                      fold,
                      factor,
                      middle.outer(),
                      middle.folded(),
                      i[0],
                      o[0],
                      scratch)));
    }
    var columns =
        new ColumnFold(
            workers, bf16, toBf16, fold, factor, middle.outer(), middle.folded(), middle.inner());
    return Offer.of(
        new Ours(
            call,
            columns.label(),
            in,
            List.of(out),
            List.of(),
            columns.scratchBytes(),
            (i, o, scratch) -> columns.bind(i[0], o[0], scratch)));
  }

  /// Strides of the result when its elements lie in the order of those axes of x that stay.
  private static Layout outLayout(Shape x, Reduce op, Shape y) {
    var order = Broadcasting.memoryOrder(x);
    long[] strides = new long[y.rank()];
    long stride = 1;
    for (int k = order.size() - 1; k >= 0; k--) {
      int axis = order.get(k);
      boolean folded = op.axes().contains(axis);
      if (folded && !op.keep()) {
        continue;
      }
      int at = axis;
      if (!op.keep()) {
        at -= (int) op.axes().stream().filter(a -> a < axis).count();
      }
      strides[at] = stride;
      stride *= y.dim(at);
    }
    var list = new ArrayList<Long>();
    for (long s : strides) {
      list.add(s);
    }
    var layout = new Layout.Strided(list);
    return Layout.isStandard(layout, y) ? Layout.standard(y) : layout;
  }

  private Offer argMax(int axis, Call call) {
    TensorType x = call.inputs().getFirst();
    if (!SoftmaxOffers.innermost(x, axis)) {
      return Offer.declined("axis " + axis + " of " + x + " is not the innermost in memory");
    }
    boolean bf16 = x.dtype() == DType.BF16;
    int n = x.shape().dim(axis);
    long rows = x.shape().size() / n;
    return Offer.of(
        Ours.standard(
            call,
            "lines",
            0,
            (in, out, _) ->
                Split.loop(
                    workers,
                    rows,
                    x.bytes(),
                    (_, from, to) -> argMax(bf16, in[0], out[0], n, from, to))));
  }

  private static void argMax(boolean bf16, long x, long y, int n, long from, long to) {
    for (long row = from; row < to; row++) {
      int best = 0;
      float largest = Raw.get(bf16, x, row * n);
      for (int i = 1; i < n; i++) {
        float value = Raw.get(bf16, x, row * n + i);
        if (value > largest) {
          largest = value;
          best = i;
        }
      }
      Raw.putI32(y, row, best);
    }
  }
}
