package unfold.backend.onednn;

import java.util.List;
import unfold.backend.Call;
import unfold.backend.Layout;
import unfold.backend.Offer;
import unfold.op.Reduction;
import unfold.op.Reduction.Reduce;
import unfold.tensor.TensorType;

/// Folding axes.
final class Reductions {
  private final Dnnl dnnl;
  private final Layouts layouts;

  Reductions(Dnnl dnnl) {
    this.dnnl = dnnl;
    this.layouts = new Layouts(dnnl);
  }

  Offer offer(Reduction op, Call call) {
    return switch (op) {
      case Reduce r -> reduce(r, call);
      case Reduction.ArgMax _ -> Offer.declined("oneDNN has no argmax");
    };
  }

  private Offer reduce(Reduce op, Call call) {
    if (op.axes().isEmpty()) {
      return Offer.declined("oneDNN folds no empty list of axes");
    }
    int algorithm =
        switch (op.fold()) {
          case SUM -> Constants.REDUCTION_SUM;
          case MEAN -> Constants.REDUCTION_MEAN;
          case MAX -> Constants.REDUCTION_MAX;
          case MIN -> Constants.REDUCTION_MIN;
        };
    var x = layouts.standard(call.inputs().get(0));
    var y = kept(op, call);
    return PrimitiveDesc.first(
            dnnl,
            s ->
                Dnnl.ifImplemented(
                    "folding " + x + " to " + y,
                    out ->
                        dnnl.floats()
                            .reduction(
                                out,
                                dnnl.engine(),
                                algorithm,
                                s.of(x),
                                s.of(y),
                                0f,
                                0f,
                                PostOp.attributes(s, List.of()))))
        .map(desc ->
            Layouts.standardCandidate(
                new Chain(dnnl, call)
                    .then(
                        desc,
                        new Chain.Use(Constants.ARG_SRC, x, new Slot.In(0)),
                        new Chain.Use(Constants.ARG_DST, y, new Slot.Out(0))),
                call))
        .orElseGet(() -> Offer.declined("oneDNN cannot fold " + call.inputs() + " so on this CPU"));
  }

  /// The result with folded axes of extent 1, lying as the result does.
  private Md kept(Reduce op, Call call) {
    TensorType x = call.inputs().get(0);
    TensorType y = call.outputs().get(0);
    var strides = Layout.standard(y.shape()).strides();
    int rank = x.shape().rank();
    long[] dims = new long[rank];
    long[] all = new long[rank];
    int next = 0;
    for (int i = 0; i < rank; i++) {
      boolean folded = op.axes().contains(i);
      dims[i] = folded ? 1 : x.shape().dim(i);
      all[i] = folded && !op.keep() ? y.shape().size() : strides.get(next++);
    }
    return Md.strided(dnnl, y.dtype(), dims, all);
  }
}
