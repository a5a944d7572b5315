package unfold.backend.onednn;

import java.util.List;
import java.util.OptionalLong;
import unfold.backend.Call;
import unfold.backend.Candidate.InPlace;
import unfold.backend.Offer;
import unfold.op.Softmaxes;
import unfold.op.Softmaxes.LogSoftmax;
import unfold.op.Softmaxes.LogSoftmaxGrad;
import unfold.op.Softmaxes.Softmax;
import unfold.op.Softmaxes.SoftmaxGrad;

/// Softmax and its logarithm along one axis.
final class SoftmaxPrimitives {
  private final Dnnl dnnl;
  private final Layouts layouts;

  SoftmaxPrimitives(Dnnl dnnl) {
    this.dnnl = dnnl;
    this.layouts = new Layouts(dnnl);
  }

  Offer offer(Softmaxes op, Call call) {
    return switch (op) {
      case Softmax s -> forward(Constants.SOFTMAX_ACCURATE, s.axis(), call);
      case LogSoftmax s -> forward(Constants.SOFTMAX_LOG, s.axis(), call);
      case SoftmaxGrad s -> backward(Constants.SOFTMAX_ACCURATE, s.axis(), call);
      case LogSoftmaxGrad s -> backward(Constants.SOFTMAX_LOG, s.axis(), call);
      case Softmaxes.SoftmaxCrossEntropy _, Softmaxes.SoftmaxCrossEntropyGrad _ -> none(call);
    };
  }

  private static Offer none(Call call) {
    return Offer.declined("oneDNN has no primitive for " + call.op().name());
  }

  private Offer forward(int algorithm, int axis, Call call) {
    var x = layouts.standard(call.inputs().get(0));
    return PrimitiveDesc.first(dnnl, s -> forward(s, algorithm, axis, x))
        .map(desc ->
            Layouts.standardCandidate(
                new Chain(dnnl, call)
                    .then(
                        desc,
                        new Chain.Use(Constants.ARG_SRC, x, new Slot.In(0)),
                        new Chain.Use(Constants.ARG_DST, x, new Slot.Out(0))),
                call,
                new InPlace(0, 0)))
        .orElseGet(() -> none(call));
  }

  private Offer backward(int algorithm, int axis, Call call) {
    var y = layouts.standard(call.inputs().get(0));
    return PrimitiveDesc.first(dnnl, s -> forward(s, algorithm, axis, y))
        .flatMap(forward ->
            forward.gradient((s, hint) ->
                dnnl.ifImplemented(
                    "the gradient of a softmax of " + y,
                    "dnnl_softmax_backward_primitive_desc_create",
                    dnnl.engine(),
                    algorithm,
                    s.of(y),
                    s.of(y),
                    s.of(y),
                    axis,
                    hint,
                    PostOp.attributes(s, List.of()))))
        .map(desc ->
            Layouts.standardCandidate(
                new Chain(dnnl, call)
                    .then(
                        desc,
                        new Chain.Use(Constants.ARG_DIFF_DST, y, new Slot.In(0)),
                        new Chain.Use(Constants.ARG_DST, y, new Slot.In(1)),
                        new Chain.Use(Constants.ARG_DIFF_SRC, y, new Slot.Out(0))),
                call,
                new InPlace(0, 0)))
        .orElseGet(() -> none(call));
  }

  private OptionalLong forward(Scope s, int algorithm, int axis, Md x) {
    return dnnl.ifImplemented(
        "a softmax of " + x,
        "dnnl_softmax_forward_primitive_desc_create",
        dnnl.engine(),
        Constants.FORWARD_TRAINING,
        algorithm,
        s.of(x),
        s.of(x),
        axis,
        PostOp.attributes(s, List.of()));
  }
}
