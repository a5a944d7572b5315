package unfold.backend.onednn;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import unfold.backend.Call;
import unfold.backend.Offer;
import unfold.op.Pooling;
import unfold.op.Pooling.AveragePool2d;
import unfold.op.Pooling.AveragePool2dGrad;
import unfold.op.Pooling.MaxPool2d;
import unfold.op.Pooling.MaxPool2dGrad;
import unfold.op.Window;
import unfold.tensor.DType;

/// Pooling over channels-last pictures. The places of a maximum are what oneDNN keeps in its
/// workspace, so its gradient can be used even though its maximum, which passes over NaN, cannot.
final class Poolings {
  private final Dnnl dnnl;
  private final Layouts layouts;

  Poolings(Dnnl dnnl) {
    this.dnnl = dnnl;
    this.layouts = new Layouts(dnnl);
  }

  Offer offer(Pooling op, Call call) {
    return switch (op) {
      case MaxPool2d _ -> Offer.declined("oneDNN's maximum passes over NaN");
      case AveragePool2d p ->
          forward(average(p.countPadding()), p.kernelH(), p.kernelW(), p.window(), call);
      case MaxPool2dGrad p ->
          backward(Constants.POOLING_MAX, p.kernelH(), p.kernelW(), p.window(), call);
      case AveragePool2dGrad p ->
          call.inputs().getFirst().dtype() == DType.BF16 && overlap(p)
              ? Offer.declined("oneDNN rounds sums of overlapping windows to bf16 at each step")
              : backward(average(p.countPadding()), p.kernelH(), p.kernelW(), p.window(), call);
      case Pooling.AdaptiveAveragePool2d _,
          Pooling.AdaptiveAveragePool2dGrad _,
          Pooling.AdaptiveMaxPool2d _,
          Pooling.AdaptiveMaxPool2dGrad _ ->
          Offer.declined("oneDNN has no adaptive pooling");
    };
  }

  private static boolean overlap(AveragePool2dGrad p) {
    return p.kernelH() > p.window().strideH() || p.kernelW() > p.window().strideW();
  }

  private static int average(boolean countPadding) {
    return countPadding
        ? Constants.POOLING_AVG_INCLUDE_PADDING
        : Constants.POOLING_AVG_EXCLUDE_PADDING;
  }

  private Offer forward(int algorithm, int kernelH, int kernelW, Window window, Call call) {
    var x = layouts.standard(call.inputs().get(0));
    var y = layouts.standard(call.outputs().get(0));
    var desc =
        PrimitiveDesc.first(
            dnnl, s -> forward(s, algorithm, false, x, y, kernelH, kernelW, window));
    if (desc.isEmpty()) {
      return none(call);
    }
    return Layouts.standardCandidate(
        new Chain(dnnl, call)
            .then(
                desc.get(),
                new Chain.Use(Constants.ARG_SRC, x, new Slot.In(0)),
                new Chain.Use(Constants.ARG_DST, y, new Slot.Out(0))),
        call);
  }

  private Offer backward(int algorithm, int kernelH, int kernelW, Window window, Call call) {
    var dy = layouts.standard(call.inputs().get(0));
    var dx = layouts.standard(call.outputs().get(0));
    var forward =
        PrimitiveDesc.first(
            dnnl, s -> forward(s, algorithm, true, dx, dy, kernelH, kernelW, window));
    if (forward.isEmpty()) {
      return none(call);
    }
    Optional<PrimitiveDesc> desc =
        forward
            .get()
            .gradient((s, hint) -> {
              var geometry = Geometry.of(s, window);
              return dnnl.ifImplemented(
                  "the gradient of pooling " + dx,
                  "dnnl_pooling_backward_primitive_desc_create",
                  dnnl.engine(),
                  algorithm,
                  s.of(dx),
                  s.of(dy),
                  geometry.strides(),
                  s.array(kernelH, kernelW),
                  geometry.dilations(),
                  geometry.before(),
                  geometry.after(),
                  hint,
                  PostOp.attributes(s, List.of()));
            });
    if (desc.isEmpty()) {
      return none(call);
    }
    var uses = new ArrayList<Chain.Use>();
    uses.add(new Chain.Use(Constants.ARG_DIFF_DST, dy, new Slot.In(0)));
    uses.add(new Chain.Use(Constants.ARG_DIFF_SRC, dx, new Slot.Out(0)));
    if (call.inputs().size() > 1) {
      var places = layouts.standard(call.inputs().get(1));
      if (!desc.get().accepts(Constants.ARG_WORKSPACE, places)) {
        return Offer.declined("oneDNN keeps the places of " + call.op().name() + " otherwise");
      }
      uses.add(new Chain.Use(Constants.ARG_WORKSPACE, places, new Slot.In(1)));
    }
    return Layouts.standardCandidate(
        new Chain(dnnl, call).then(desc.get(), uses.toArray(Chain.Use[]::new)), call);
  }

  private OptionalLong forward(
      Scope s,
      int algorithm,
      boolean training,
      Md x,
      Md y,
      int kernelH,
      int kernelW,
      Window window) {
    var geometry = Geometry.of(s, window);
    return dnnl.ifImplemented(
        "pooling " + x + " to " + y,
        "dnnl_pooling_forward_primitive_desc_create",
        dnnl.engine(),
        training ? Constants.FORWARD_TRAINING : Constants.FORWARD_INFERENCE,
        algorithm,
        s.of(x),
        s.of(y),
        geometry.strides(),
        s.array(kernelH, kernelW),
        geometry.dilations(),
        geometry.before(),
        geometry.after(),
        PostOp.attributes(s, List.of()));
  }

  private static Offer none(Call call) {
    return Offer.declined("oneDNN cannot pool " + call.inputs() + " so on this CPU");
  }
}
