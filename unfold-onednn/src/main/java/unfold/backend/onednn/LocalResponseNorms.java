package unfold.backend.onednn;

import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import unfold.backend.Call;
import unfold.backend.Offer;
import unfold.op.Normalization.LocalResponseNorm;
import unfold.op.Normalization.LocalResponseNormGrad;

/// Local response normalisation across channels.
final class LocalResponseNorms {
  private final Dnnl dnnl;
  private final Layouts layouts;

  LocalResponseNorms(Dnnl dnnl) {
    this.dnnl = dnnl;
    this.layouts = new Layouts(dnnl);
  }

  Offer forward(LocalResponseNorm op, Call call) {
    if (op.size() % 2 == 0) {
      return even();
    }
    var x = layouts.standard(call.inputs().get(0));
    return PrimitiveDesc.first(dnnl, s -> forward(s, op, x, Constants.FORWARD_INFERENCE))
        .map(desc ->
            Layouts.standardCandidate(
                new Chain(dnnl, call)
                    .then(
                        desc,
                        new Chain.Use(Constants.ARG_SRC, x, new Slot.In(0)),
                        new Chain.Use(Constants.ARG_DST, x, new Slot.Out(0))),
                call))
        .orElseGet(() -> none(call));
  }

  /// Our gradient knows x and no workspace of the forward pass: only implementations that need none
  /// will do.
  Offer backward(LocalResponseNormGrad op, Call call) {
    if (op.size() % 2 == 0) {
      return even();
    }
    var x = layouts.standard(call.inputs().get(0));
    var like = new LocalResponseNorm(op.size(), op.alpha(), op.beta(), op.k());
    Optional<PrimitiveDesc> forward =
        PrimitiveDesc.first(dnnl, s -> forward(s, like, x, Constants.FORWARD_TRAINING));
    return forward
        .flatMap(f ->
            f
                .gradientChoices((s, hint) ->
                    Dnnl.ifImplemented(
                        "the gradient of a local response norm of " + x,
                        out ->
                            dnnl.floats()
                                .lrnBackward(
                                    out,
                                    dnnl.engine(),
                                    Constants.LRN_ACROSS_CHANNELS,
                                    s.of(x),
                                    s.of(x),
                                    s.of(x),
                                    op.size(),
                                    (float) op.alpha(),
                                    (float) op.beta(),
                                    (float) op.k(),
                                    hint,
                                    PostOp.attributes(s, List.of()))))
                .stream()
                .filter(desc -> desc.argument(Constants.ARG_WORKSPACE).isEmpty())
                .findFirst())
        .map(desc ->
            Layouts.standardCandidate(
                new Chain(dnnl, call)
                    .then(
                        desc,
                        new Chain.Use(Constants.ARG_DIFF_DST, x, new Slot.In(0)),
                        new Chain.Use(Constants.ARG_SRC, x, new Slot.In(1)),
                        new Chain.Use(Constants.ARG_DIFF_SRC, x, new Slot.Out(0))),
                call))
        .orElseGet(() -> none(call));
  }

  private OptionalLong forward(Scope s, LocalResponseNorm op, Md x, int kind) {
    return Dnnl.ifImplemented(
        "a local response norm of " + x,
        out ->
            dnnl.floats()
                .lrnForward(
                    out,
                    dnnl.engine(),
                    kind,
                    Constants.LRN_ACROSS_CHANNELS,
                    s.of(x),
                    s.of(x),
                    op.size(),
                    (float) op.alpha(),
                    (float) op.beta(),
                    (float) op.k(),
                    PostOp.attributes(s, List.of())));
  }

  private static Offer even() {
    return Offer.declined("oneDNN centres an even number of channels otherwise");
  }

  private static Offer none(Call call) {
    return Offer.declined(
        "oneDNN has no local response norm of " + call.inputs() + " that needs only x");
  }
}
