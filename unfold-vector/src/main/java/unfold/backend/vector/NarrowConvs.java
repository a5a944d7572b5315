package unfold.backend.vector;

import java.util.List;
import unfold.backend.Call;
import unfold.backend.Layout;
import unfold.backend.Offer;
import unfold.backend.Workers;
import unfold.op.Convolution.Conv2d;
import unfold.tensor.DType;
import unfold.tensor.Shape;

/// Offers for convolutions to few channels ([NarrowConv]).
final class NarrowConvs {
  private final Workers workers;

  NarrowConvs(Workers workers) {
    this.workers = workers;
  }

  Offer offer(Conv2d op, Call call) {
    Shape x = call.inputs().get(0).shape();
    Shape w = call.inputs().get(1).shape();
    Shape y = call.outputs().getFirst().shape();
    boolean bf16 = call.inputs().getFirst().dtype() == DType.BF16;
    if (op.groups() != 1 || !NarrowConv.suits(bf16, x, w, op.window())) {
      return Offer.declined("a convolution by " + w + " is not one to a few channels");
    }
    if (call.inputs().size() > 3) {
      return Offer.declined("fuses a bias and an activation, no addend");
    }
    var kernel = new NarrowConv(workers, bf16, x, w, op.window(), y.dim(2), y.dim(3));
    var activated = Activated.of(op.activation());
    return Offer.of(
        new Ours(
                call,
                "narrow",
                Ours.standard(call.inputs()),
                List.of(Layout.standard(y)),
                List.of(),
                kernel.scratchBytes(),
                (in, out, scratch) ->
                    kernel.forward(
                        in[0],
                        Given.of(call, in, 1),
                        Given.of(call, in, 2),
                        activated,
                        out[0],
                        scratch))
            .sees(Sees.F32));
  }
}
