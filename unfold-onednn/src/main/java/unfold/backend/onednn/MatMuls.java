package unfold.backend.onednn;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import unfold.backend.Call;
import unfold.backend.Candidate;
import unfold.backend.Layout;
import unfold.backend.Offer;
import unfold.op.Linear.MatMul;
import unfold.tensor.DType;
import unfold.tensor.Shape;
import unfold.tensor.TensorType;

/// Matrix products. Transposes are strides; a shared second operand may be packed, which is free if
/// it is a weight that is converted anyway.
final class MatMuls {
  private static final View TRANSPOSED = new View.Transposed();

  /// With fewer rows than this, products as such are faster than as convolutions.
  private static final int FEWEST_ROWS = 8;

  /// With so many, products as such are slower, whatever their operands' order costs.
  private static final int MANY_ROWS = 512;

  private final Dnnl dnnl;
  private final Layouts layouts;

  MatMuls(Dnnl dnnl) {
    this.dnnl = dnnl;
    this.layouts = new Layouts(dnnl);
  }

  Offer offer(MatMul op, Call call) {
    var a = call.inputs().get(0);
    var b = call.inputs().get(1);
    var y = call.outputs().get(0);
    long rows = y.shape().size() / y.shape().dim(-1);
    var pointwise = pointwise(op, call);
    var products = products(op, call);
    var candidates = new ArrayList<Candidate>();
    if (rows < FEWEST_ROWS) {
      candidates.addAll(products);
      candidates.addAll(pointwise);
    } else {
      candidates.addAll(pointwise);
      boolean behind = !pointwise.isEmpty() && rows >= MANY_ROWS;
      products.forEach(c -> candidates.add(behind ? new Behind(c) : c));
    }
    return candidates.isEmpty()
        ? Offer.declined("oneDNN has no product of " + a + " and " + b + " on this CPU")
        : new Offer.Accepted(candidates);
  }

  private List<Candidate> products(MatMul op, Call call) {
    var a = call.inputs().get(0);
    var b = call.inputs().get(1);
    var plain = operands(op, a, b, call.outputs().get(0));
    var products = new ArrayList<Candidate>(candidates(op, call, plain, rowMajorB(plain.b(), b)));
    if (b.shape().rank() == 2 && plain.a().dims().length == 2) {
      var view = op.transposeB() ? TRANSPOSED : Layouts.PLAIN;
      var packed = candidates(op, call, plain, new Second(layouts.any(b, view), view, true));
      boolean first = !op.transposeA() && a.dtype() == DType.BF16;
      for (Candidate c : packed) {
        if (c.inputs().get(1) instanceof Layout.Packed) {
          products.add(first ? 0 : products.size(), c);
          first = false;
        }
      }
    }
    return products;
  }

  /// The same as convolutions by 1×1, where those are faster.
  private List<Candidate> pointwise(MatMul op, Call call) {
    return op.transposeA()
        ? sum(op, call).stream().toList()
        : new PointwiseProducts(dnnl).candidates(op, call);
  }

  private Optional<Candidate> sum(MatMul op, Call call) {
    Shape a = call.inputs().get(0).shape();
    Shape b = call.inputs().get(1).shape();
    if (op.transposeB()
        || a.rank() != 2
        || b.rank() != 2
        || call.inputs().size() > 2
        || !op.activation().isIdentity()) {
      return Optional.empty();
    }
    return new StripSums(dnnl)
        .offer(
            call,
            a.dim(0),
            new StripSums.Factor(0, a.dim(1)),
            new StripSums.Factor(1, b.dim(1)),
            List.of(Layout.rowMajor(a), Layout.rowMajor(b)),
            Layout.rowMajor(call.outputs().getFirst().shape()));
  }

  private record Operands(Md a, Md b, Md y) {}

  /// The second operand: what is asked for, how the value is seen so, and whether oneDNN chooses.
  private record Second(Md md, View view, boolean any) {}

  private static Second rowMajorB(Md md, TensorType b) {
    return new Second(md, Layouts.PLAIN, false);
  }

  /// Descriptors over row-major memory. Leading axes of `a` join its rows where b is shared.
  private Operands operands(MatMul op, TensorType a, TensorType b, TensorType y) {
    int rank = a.shape().rank();
    if (b.shape().rank() == 2 && !op.transposeA()) {
      return new Operands(rows(a), matrix(b, b.shape().toArray(), op.transposeB()), rows(y));
    }
    int[] wide = b.shape().toArray();
    if (wide.length < rank) {
      wide = new int[rank];
      Arrays.fill(wide, 1);
      wide[rank - 2] = b.shape().dim(0);
      wide[rank - 1] = b.shape().dim(1);
    }
    return new Operands(
        matrix(a, a.shape().toArray(), op.transposeA()),
        matrix(b, wide, op.transposeB()),
        matrix(y, y.shape().toArray(), false));
  }

  private Md rows(TensorType type) {
    int n = type.shape().dim(-1);
    return matrix(type, new int[] {(int) (type.shape().size() / n), n}, false);
  }

  private Md matrix(TensorType type, int[] dims, boolean transposed) {
    Shape shape = Shape.of(dims);
    var view = transposed ? TRANSPOSED : Layouts.PLAIN;
    return layouts.strided(type.with(shape), Layout.rowMajor(shape), view);
  }

  private List<PrimitiveCandidate> candidates(MatMul op, Call call, Operands o, Second second) {
    int rank = o.y().dims().length;
    Optional<Md> bias =
        call.inputs().size() > 2 ? Optional.of(bias(call.inputs().get(2), rank)) : Optional.empty();
    List<PostOp> postOps =
        op.activation().isIdentity()
            ? List.of()
            : List.of(new PostOp.Apply(Eltwise.of(op.activation())));
    var found =
        PrimitiveDesc.choices(dnnl, s -> request(s, o.a(), second.md(), bias, o.y(), postOps));
    return found.stream().map(desc -> candidate(desc, call, o, second, bias)).toList();
  }

  private PrimitiveCandidate candidate(
      PrimitiveDesc desc, Call call, Operands o, Second second, Optional<Md> bias) {
    Md b = desc.argument(Constants.ARG_WEIGHTS).orElse(second.md());
    Shape shape = call.inputs().get(1).shape();
    var ports = new ArrayList<PrimitiveCandidate.Port>();
    ports.add(rowMajor(Constants.ARG_SRC, o.a(), call.inputs().get(0)));
    ports.add(
        second.any()
            ? PrimitiveCandidate.Port.of(
                Constants.ARG_WEIGHTS, b, Layouts.layout(b, shape, second.view()))
            : rowMajor(Constants.ARG_WEIGHTS, b, call.inputs().get(1)));
    bias.ifPresent(md -> ports.add(rowMajor(Constants.ARG_BIAS, md, call.inputs().get(2))));
    var letters = "abcdefghijkl".substring(0, Math.max(0, b.dims().length - 2)) + "kn";
    return new PrimitiveCandidate(
        dnnl,
        desc,
        desc.implementation() + " " + b.label(letters),
        ports,
        List.of(rowMajor(Constants.ARG_DST, o.y(), call.outputs().get(0))),
        List.of());
  }

  private Md bias(TensorType type, int rank) {
    int[] dims = new int[rank];
    Arrays.fill(dims, 1);
    dims[rank - 1] = type.shape().dim(0);
    return matrix(type, dims, false);
  }

  private static PrimitiveCandidate.Port rowMajor(int role, Md md, TensorType type) {
    return PrimitiveCandidate.Port.of(role, md, Layout.rowMajor(type.shape()));
  }

  /// y = a·b with nothing but these post-ops.
  Optional<PrimitiveDesc> primitive(Md a, Md b, Md y, List<PostOp> postOps) {
    return PrimitiveDesc.first(dnnl, s -> request(s, a, b, Optional.empty(), y, postOps));
  }

  private OptionalLong request(Scope s, Md a, Md b, Optional<Md> bias, Md y, List<PostOp> postOps) {
    return dnnl.ifImplemented(
        "a product " + a + " by " + b + " to " + y,
        "dnnl_matmul_primitive_desc_create",
        dnnl.engine(),
        s.of(a),
        s.of(b),
        bias.map(s::of).orElse(0L),
        s.of(y),
        PostOp.attributes(s, postOps));
  }
}
