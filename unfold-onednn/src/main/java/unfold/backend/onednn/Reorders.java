package unfold.backend.onednn;

import java.util.List;
import java.util.Optional;
import unfold.backend.Call;
import unfold.backend.Candidate;
import unfold.backend.Layout;
import unfold.backend.Offer;
import unfold.tensor.TensorType;

/// Copies into another order, another element type, or both.
final class Reorders {
  private final Dnnl dnnl;
  private final Layouts layouts;

  Reorders(Dnnl dnnl) {
    this.dnnl = dnnl;
    this.layouts = new Layouts(dnnl);
  }

  /// A cast keeps the order of a strided operand.
  Offer cast(Call call) {
    var from = call.inputs().get(0);
    var to = call.outputs().get(0);
    Layout layout =
        call.layouts().get(0) instanceof Layout.Strided s ? s : Layout.standard(from.shape());
    return convert(from, layout, to, layout)
        .map(Offer::of)
        .orElseGet(() -> Offer.declined("oneDNN has no reorder from " + from + " to " + to));
  }

  Optional<Candidate> convert(TensorType from, Layout fromLayout, TensorType to, Layout toLayout) {
    if (!Layouts.computable(from) || !Layouts.computable(to)) {
      return Optional.empty();
    }
    var view = Layouts.view(toLayout).or(() -> Layouts.view(fromLayout)).orElse(Layouts.PLAIN);
    var source = layouts.of(from, fromLayout, view);
    var target = layouts.of(to, toLayout, view);
    if (source.isEmpty() || target.isEmpty()) {
      return Optional.empty();
    }
    Md src = source.get();
    Md dst = target.get();
    return primitive(src, dst)
        .map(desc ->
            new PrimitiveCandidate(
                dnnl,
                desc,
                desc.implementation() + " " + fromLayout + " > " + toLayout,
                List.of(PrimitiveCandidate.Port.of(Constants.ARG_SRC, src, fromLayout)),
                List.of(PrimitiveCandidate.Port.of(Constants.ARG_DST, dst, toLayout)),
                List.of()));
  }

  /// A copy from one order and type to another.
  Optional<PrimitiveDesc> primitive(Md src, Md dst) {
    return PrimitiveDesc.first(
        dnnl,
        s ->
            dnnl.ifImplemented(
                "a reorder from " + src + " to " + dst,
                "dnnl_reorder_primitive_desc_create",
                s.of(src),
                dnnl.engine(),
                s.of(dst),
                dnnl.engine(),
                PostOp.attributes(s, List.of())));
  }
}
