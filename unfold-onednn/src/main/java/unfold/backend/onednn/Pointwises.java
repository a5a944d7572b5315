package unfold.backend.onednn;

import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import unfold.backend.Call;
import unfold.backend.Candidate.InPlace;
import unfold.backend.Layout;
import unfold.backend.Offer;
import unfold.op.Activation;
import unfold.op.Pointwise;
import unfold.op.Pointwise.Activate;
import unfold.op.Pointwise.ActivateGrad;
import unfold.op.Pointwise.Affine;
import unfold.op.Pointwise.Binary;
import unfold.op.Pointwise.BinaryFunction;
import unfold.op.Pointwise.Unary;
import unfold.op.Pointwise.UnaryFunction;
import unfold.tensor.Shape;
import unfold.tensor.TensorType;

/// Functions of each element, in standard layouts.
final class Pointwises {
  private final Dnnl dnnl;
  private final Layouts layouts;

  Pointwises(Dnnl dnnl) {
    this.dnnl = dnnl;
    this.layouts = new Layouts(dnnl);
  }

  Offer offer(Pointwise op, Call call) {
    return switch (op) {
      case Activate a -> apply(Eltwise.of(a.activation()), call);
      case Affine a ->
          apply(
              Eltwise.plain(Constants.ELTWISE_LINEAR, (float) a.scale(), (float) a.shift()), call);
      case Unary u -> unary(u.function()).map(f -> apply(f, call)).orElseGet(() -> none(call));
      case ActivateGrad a -> gradient(a.activation(), call);
      case Binary b -> binary(b, call);
      case Pointwise.Cast _ -> new Reorders(dnnl).cast(call);
      case Pointwise.Compare _, Pointwise.Select _, Pointwise.NormalizePicture _ -> none(call);
    };
  }

  private static Offer none(Call call) {
    return Offer.declined(
        "oneDNN has no primitive for "
            + call.op().name()
            + " "
            + call.op().attributes()
            + " of "
            + call.inputs());
  }

  private static Optional<Eltwise> unary(UnaryFunction function) {
    return switch (function) {
      case NEGATE -> Optional.of(Eltwise.plain(Constants.ELTWISE_LINEAR, -1, 0));
      case ABS -> Optional.of(Eltwise.plain(Constants.ELTWISE_ABS, 0, 0));
      case EXP -> Optional.of(Eltwise.plain(Constants.ELTWISE_EXP, 0, 0));
      case LOG -> Optional.of(Eltwise.plain(Constants.ELTWISE_LOG, 0, 0));
      case SQRT -> Optional.of(Eltwise.plain(Constants.ELTWISE_SQRT, 0, 0));
      case SQUARE -> Optional.of(Eltwise.plain(Constants.ELTWISE_SQUARE, 0, 0));
      case RECIPROCAL -> Optional.of(Eltwise.plain(Constants.ELTWISE_POW, 1, -1));
      case SIGN -> Optional.empty();
    };
  }

  private Offer apply(Eltwise f, Call call) {
    var x = layouts.standard(call.inputs().get(0));
    return PrimitiveDesc.first(dnnl, s -> forward(s, f, x))
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

  private Offer gradient(Activation activation, Call call) {
    var dy = layouts.standard(call.inputs().get(0));
    return gradient(activation, dy)
        .map(desc ->
            Layouts.standardCandidate(
                new Chain(dnnl, call)
                    .then(
                        desc,
                        new Chain.Use(Constants.ARG_DIFF_DST, dy, new Slot.In(0)),
                        new Chain.Use(known(activation), dy, new Slot.In(1)),
                        new Chain.Use(Constants.ARG_DIFF_SRC, dy, new Slot.Out(0))),
                call,
                new InPlace(0, 0)))
        .orElseGet(() -> none(call));
  }

  /// The role of what is known beside dy: the result or the operand.
  static int known(Activation activation) {
    return activation.differentiableFromOutput() && !activation.isIdentity()
        ? Constants.ARG_DST
        : Constants.ARG_SRC;
  }

  /// dy through an activation, everything lying as `md` says.
  Optional<PrimitiveDesc> gradient(Activation activation, Md md) {
    var f = Eltwise.of(activation);
    return PrimitiveDesc.first(dnnl, s -> forward(s, f, md))
        .flatMap(forward ->
            forward.gradient((s, hint) ->
                Dnnl.ifImplemented(
                    "the gradient of " + activation + " on " + md,
                    out ->
                        dnnl.floats()
                            .eltwiseBackward(
                                out,
                                dnnl.engine(),
                                f.backward(),
                                s.of(md),
                                s.of(md),
                                s.of(md),
                                f.alpha(),
                                f.beta(),
                                hint,
                                PostOp.attributes(s, List.of())))));
  }

  /// An activation on values that lie as `md` says.
  Optional<PrimitiveDesc> forward(Activation activation, Md md) {
    return PrimitiveDesc.first(dnnl, s -> forward(s, Eltwise.of(activation), md));
  }

  private OptionalLong forward(Scope s, Eltwise f, Md md) {
    return Dnnl.ifImplemented(
        f + " of " + md,
        out ->
            dnnl.floats()
                .eltwiseForward(
                    out,
                    dnnl.engine(),
                    Constants.FORWARD_TRAINING,
                    f.algorithm(),
                    s.of(md),
                    s.of(md),
                    f.alpha(),
                    f.beta(),
                    PostOp.attributes(s, List.of())));
  }

  private static OptionalInt algorithm(BinaryFunction function) {
    return switch (function) {
      case ADD -> OptionalInt.of(Constants.BINARY_ADD);
      case SUBTRACT -> OptionalInt.of(Constants.BINARY_SUB);
      case MULTIPLY -> OptionalInt.of(Constants.BINARY_MUL);
      case DIVIDE -> OptionalInt.of(Constants.BINARY_DIV);
      // oneDNN's maximum and minimum pass over a NaN on the left.
      case MAXIMUM, MINIMUM, POWER -> OptionalInt.empty();
    };
  }

  private Offer binary(Binary op, Call call) {
    var algorithm = algorithm(op.function());
    if (algorithm.isEmpty()) {
      return none(call);
    }
    var y = call.outputs().get(0);
    int rank = Math.max(1, y.shape().rank());
    var a = stretched(call.inputs().get(0), rank);
    var b = stretched(call.inputs().get(1), rank);
    var out = layouts.standard(y);
    return binary(algorithm.getAsInt(), a, b, out, op.activation())
        .map(desc -> {
          var chain =
              new Chain(dnnl, call)
                  .then(
                      desc,
                      new Chain.Use(Constants.ARG_SRC, a, new Slot.In(0)),
                      new Chain.Use(Constants.ARG_SRC_1, b, new Slot.In(1)),
                      new Chain.Use(Constants.ARG_DST, out, new Slot.Out(0)));
          return call.inputs().get(0).shape().equals(y.shape())
              ? Layouts.standardCandidate(chain, call, new InPlace(0, 0))
              : Layouts.standardCandidate(chain, call);
        })
        .orElseGet(() -> none(call));
  }

  /// act(f(a, b)).
  Optional<PrimitiveDesc> binary(int algorithm, Md a, Md b, Md y, Activation activation) {
    List<PostOp> postOps =
        activation.isIdentity() ? List.of() : List.of(new PostOp.Apply(Eltwise.of(activation)));
    return PrimitiveDesc.first(
        dnnl,
        s ->
            dnnl.ifImplemented(
                "a function of " + a + " and " + b,
                "dnnl_binary_primitive_desc_create",
                dnnl.engine(),
                algorithm,
                s.of(a),
                s.of(b),
                s.of(y),
                PostOp.attributes(s, postOps)));
  }

  /// The descriptor of a value in standard layout with axes of extent 1 in front.
  private Md stretched(TensorType type, int rank) {
    Shape shape = type.shape();
    int missing = rank - shape.rank();
    long[] dims = new long[rank];
    long[] strides = new long[rank];
    var inner = Layout.standard(shape).strides();
    for (int i = 0; i < rank; i++) {
      dims[i] = i < missing ? 1 : shape.dim(i - missing);
      strides[i] = i < missing ? shape.size() : inner.get(i - missing);
    }
    return Md.strided(dnnl, type.dtype(), dims, strides);
  }
}
