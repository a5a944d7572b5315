package unfold.backend.onednn;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import unfold.backend.Call;
import unfold.backend.Candidate;
import unfold.backend.Layout;
import unfold.op.Linear.MatMul;
import unfold.op.Window;
import unfold.tensor.DType;
import unfold.tensor.Shape;
import unfold.tensor.TensorType;

/// Matrix products in f32 as convolutions by 1×1 over a picture that is one row high: each row of
/// the first operand is a position, each of its columns a channel. Without AVX-512 oneDNN's kernels
/// for these are faster than those for products (Zen 3: 165 to 190 GFLOP/s against 115 to 150), for
/// the same memory in the same order.
final class PointwiseProducts {
  private final Dnnl dnnl;
  private final Layouts layouts;

  PointwiseProducts(Dnnl dnnl) {
    this.dnnl = dnnl;
    this.layouts = new Layouts(dnnl);
  }

  /// y = act( a·B + bias ). Nothing for products with a batch of matrices, and on CPUs with
  /// AVX-512.
  List<Candidate> candidates(MatMul op, Call call) {
    TensorType b = call.inputs().get(1);
    if (b.shape().rank() != 2
        || b.dtype() != DType.F32
        || dnnl.has(Constants.CPU_ISA_AVX512_CORE)) {
      return List.of();
    }
    var view = new View.Pointwise(!op.transposeB());
    Md x = picture(call.inputs().getFirst().shape());
    Md y = picture(call.outputs().getFirst().shape());
    Md w = layouts.any(b, view);
    Optional<Md> bias =
        call.inputs().size() > 2
            ? Optional.of(layouts.standard(call.inputs().get(2)))
            : Optional.empty();
    List<PostOp> postOps =
        op.activation().isIdentity()
            ? List.of()
            : List.of(new PostOp.Apply(Eltwise.of(op.activation())));
    return pointwise(x, w, bias, y, postOps).stream()
        .map(desc -> candidate(desc, call, x, w, bias, y, view))
        .toList();
  }

  /// Kernels made for such convolutions: y = act( x·w + bias ).
  List<PrimitiveDesc> pointwise(Md x, Md w, Optional<Md> bias, Md y, List<PostOp> postOps) {
    return PrimitiveDesc.choices(
            dnnl, s -> Convolutions.forward(dnnl, s, x, w, bias, y, Window.UNIT, postOps))
        .stream()
        .filter(desc -> desc.implementation().contains("jit_1x1"))
        .toList();
  }

  private Candidate candidate(
      PrimitiveDesc desc, Call call, Md x, Md any, Optional<Md> bias, Md y, View view) {
    Md w = desc.argument(Constants.ARG_WEIGHTS).orElse(any);
    TensorType b = call.inputs().get(1);
    var ports = new ArrayList<PrimitiveCandidate.Port>();
    ports.add(rowMajor(Constants.ARG_SRC, x, call.inputs().getFirst()));
    ports.add(
        PrimitiveCandidate.Port.of(Constants.ARG_WEIGHTS, w, Layouts.layout(w, b.shape(), view)));
    bias.ifPresent(md -> ports.add(rowMajor(Constants.ARG_BIAS, md, call.inputs().get(2))));
    return new PrimitiveCandidate(
        dnnl,
        desc,
        desc.implementation() + " " + w.label("oihw"),
        ports,
        List.of(rowMajor(Constants.ARG_DST, y, call.outputs().getFirst())),
        List.of());
  }

  private static PrimitiveCandidate.Port rowMajor(int role, Md md, TensorType type) {
    return PrimitiveCandidate.Port.of(role, md, Layout.rowMajor(type.shape()));
  }

  private Md picture(Shape shape) {
    long channels = shape.dim(-1);
    return picture(shape.size() / channels, channels);
  }

  /// Rows as the positions of a picture 1×C×1×W in which channels are innermost.
  Md picture(long rows, long channels) {
    long all = rows * channels;
    return Md.strided(
        dnnl, DType.F32, new long[] {1, channels, 1, rows}, new long[] {all, 1, all, channels});
  }
}
