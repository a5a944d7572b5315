package unfold.backend.vector;

import java.util.ArrayList;
import java.util.List;
import unfold.backend.Call;
import unfold.backend.Candidate.InPlace;
import unfold.backend.Kernel;
import unfold.backend.Layout;
import unfold.backend.Offer;
import unfold.backend.Workers;
import unfold.op.Activation;
import unfold.op.Pointwise;
import unfold.op.Pointwise.Activate;
import unfold.op.Pointwise.ActivateGrad;
import unfold.op.Pointwise.Affine;
import unfold.op.Pointwise.Binary;
import unfold.op.Pointwise.Cast;
import unfold.op.Pointwise.Compare;
import unfold.op.Pointwise.NormalizePicture;
import unfold.op.Pointwise.Select;
import unfold.op.Pointwise.Unary;
import unfold.tensor.DType;
import unfold.tensor.Shape;
import unfold.tensor.TensorType;

/// Offers for ops that work on each element by itself. Where no operand is stretched, any dense
/// layout will do, if all operands share it.
final class Pointwises {
  private final Workers workers;

  Pointwises(Workers workers) {
    this.workers = workers;
  }

  Offer offer(Pointwise op, Call call) {
    return switch (op) {
      case Unary(var function) -> one(call, UnaryLoops.of(function));
      case Activate(var activation) -> one(call, Activated.of(activation).full());
      case Affine(double scale, double shift) -> affine(call, (float) scale, (float) shift);
      case ActivateGrad(var activation) ->
          two(call, _ -> Activated.of(activation).grad(), Sees.of(call));
      case Binary(var function, var activation) -> binary(call, function, activation);
      case Compare(var relation) -> compare(call, relation);
      case Select _ -> select(call);
      case Cast _ -> cast(call);
      case NormalizePicture picture -> new Pictures(workers).offer(picture, call);
    };
  }

  private Offer affine(Call call, float scale, float shift) {
    TensorType x = call.inputs().getFirst();
    if (!Small.is(x)) {
      return one(call, (bf16, in, out, n) -> UnaryLoops.affine(bf16, in, out, n, scale, shift));
    }
    boolean bf16 = x.dtype() == DType.BF16;
    int n = (int) x.shape().size();
    return Offer.of(
        flat(call, 0, (in, out, _) -> () -> Small.affine(bf16, in[0], out[0], n, scale, shift)));
  }

  private Offer binary(Call call, Pointwise.BinaryFunction function, Activation activation) {
    var act = Activated.of(activation);
    Flat.Two plain = BinaryLoops.of(function, act.bounds());
    Flat.Maker maker =
        act.cutsOnly() ? _ -> plain : buffer -> Flat.then(plain, act.forward(), buffer);
    Sees sees = act.cutsOnly() ? Sees.of(call) : Sees.F32;
    return call.inputs().get(0).equals(call.inputs().get(1))
        ? two(call, maker, sees)
        : stretched(call, maker, sees);
  }

  private Offer compare(Call call, Pointwise.Relation relation) {
    if (!real(call.inputs().getFirst())) {
      return Offer.declined("compares f32 and bf16, not " + call.inputs().getFirst().dtype());
    }
    Flat.Two loop = BinaryLoops.of(relation);
    return stretched(call, _ -> loop, Sees.of(call));
  }

  private Offer one(Call call, Flat.One loop) {
    TensorType x = call.inputs().getFirst();
    boolean bf16 = x.dtype() == DType.BF16;
    long size = x.shape().size();
    return Offer.of(
        flat(
            call,
            Tail.BYTES,
            (in, out, scratch) ->
                Split.loop(
                    workers,
                    vectors(size),
                    2 * x.bytes(),
                    (_, from, to) ->
                        Flat.run(
                            loop, bf16, in[0], out[0], element(from), end(to, size), scratch))));
  }

  private Offer two(Call call, Flat.Maker maker, Sees sees) {
    TensorType x = call.inputs().getFirst();
    boolean bf16 = x.dtype() == DType.BF16;
    long size = x.shape().size();
    int parts = Split.parts(workers, vectors(size), 3 * x.bytes());
    return Offer.of(
        flat(
                call,
                Tail.BYTES + parts * Flat.BUFFER,
                (in, out, scratch) -> {
                  var loops = new Flat.Two[parts];
                  for (int p = 0; p < parts; p++) {
                    loops[p] = maker.make(scratch + Tail.BYTES + p * Flat.BUFFER);
                  }
                  return Split.share(
                      workers,
                      parts,
                      vectors(size),
                      (part, from, to) ->
                          Flat.run(
                              loops[part],
                              bf16,
                              in[0],
                              in[1],
                              out[0],
                              element(from),
                              end(to, size),
                              scratch));
                })
            .sees(sees));
  }

  /// Words are chosen as floats are: their bits are moved, not looked at.
  private Offer select(Call call) {
    TensorType y = call.outputs().getFirst();
    boolean bf16 = y.dtype() == DType.BF16;
    int bytes = y.dtype().bytes();
    long size = y.shape().size();
    return Offer.of(
        flat(
            call,
            Tail.BYTES,
            (in, out, scratch) -> {
              Flat.Span whole =
                  (at, n) ->
                      BinaryLoops.select(
                          bf16,
                          in[0] + at,
                          in[1] + at * bytes,
                          in[2] + at * bytes,
                          out[0] + at * bytes,
                          n);
              Flat.Span tail =
                  (at, n) -> {
                    long condition = Tail.in(scratch, 0, in[0] + at, n, 1);
                    long a = Tail.in(scratch, 1, in[1] + at * bytes, n, bytes);
                    long b = Tail.in(scratch, 2, in[2] + at * bytes, n, bytes);
                    BinaryLoops.select(bf16, condition, a, b, a, Raw.L);
                    Raw.copy(a, out[0] + at * bytes, (long) n * bytes);
                  };
              return spans(size, 4 * y.bytes(), whole, tail);
            }));
  }

  private Offer cast(Call call) {
    TensorType x = call.inputs().getFirst();
    TensorType y = call.outputs().getFirst();
    return CastLoops.of(x.dtype(), y.dtype())
        .map(loop -> Offer.of(cast(call, loop)))
        .orElseGet(() -> Offer.declined("casts no " + x.dtype() + " to " + y.dtype()));
  }

  private Ours cast(Call call, CastLoops.Cast loop) {
    TensorType x = call.inputs().getFirst();
    TensorType y = call.outputs().getFirst();
    return flat(call, Tail.BYTES, (in, out, scratch) -> cast(x, y, loop, in[0], out[0], scratch));
  }

  /// Casts all elements, in the order in which they lie.
  Kernel cast(TensorType x, TensorType y, CastLoops.Cast loop, long in, long out, long scratch) {
    if (Small.is(x) && x.dtype().isFloat() && y.dtype().isFloat()) {
      int n = (int) x.shape().size();
      return () -> Small.cast(x.dtype() == DType.BF16, y.dtype() == DType.BF16, in, out, n);
    }
    int from = x.dtype().bytes();
    int to = y.dtype().bytes();
    Flat.Span whole = (at, n) -> loop.run(in + at * from, out + at * to, n);
    Flat.Span tail =
        (at, n) -> {
          long last = Tail.in(scratch, 0, in + at * from, n, from);
          loop.run(last, Tail.slot(scratch, 1), Raw.L);
          Raw.copy(Tail.slot(scratch, 1), out + at * to, (long) n * to);
        };
    return spans(x.shape().size(), x.bytes() + y.bytes(), whole, tail);
  }

  private Kernel spans(long size, long bytes, Flat.Span whole, Flat.Span tail) {
    return Split.loop(
        workers,
        vectors(size),
        bytes,
        (_, from, to) -> Flat.chunks(element(from), end(to, size), whole, tail));
  }

  /// Operands of different shapes.
  private Offer stretched(Call call, Flat.Maker maker, Sees sees) {
    TensorType y = call.outputs().getFirst();
    var shapes = call.inputs().stream().map(TensorType::shape).toList();
    var b = Broadcasting.of(y.shape(), shapes);
    var pairs = new ArrayList<InPlace>();
    for (int i = 0; i < 2; i++) {
      if (call.inputs().get(i).equals(y)) {
        pairs.add(new InPlace(0, i));
      }
    }
    int parts = StretchedKernel.parts(workers, b, y);
    return Offer.of(
        Ours.standard(
                call,
                "stretched",
                StretchedKernel.scratchBytes(parts),
                (in, out, scratch) ->
                    StretchedKernel.bind(
                        workers,
                        b,
                        call.inputs().getFirst().dtype(),
                        y.dtype(),
                        maker,
                        parts,
                        in,
                        out[0],
                        scratch))
            .inPlace(pairs.toArray(InPlace[]::new))
            .sees(sees));
  }

  /// A candidate for operands and a result of one shape. The layout is the first operand's if it is
  /// dense; the result may lie on any operand with elements of the same size.
  private static Ours flat(Call call, long scratchBytes, Ours.Binder binder) {
    TensorType y = call.outputs().getFirst();
    Layout layout = dense(call.layouts().getFirst(), call.inputs().getFirst(), y.shape());
    var pairs = new ArrayList<InPlace>();
    for (int i = 0; i < call.inputs().size(); i++) {
      if (call.inputs().get(i).dtype().bytes() == y.dtype().bytes()) {
        pairs.add(new InPlace(0, i));
      }
    }
    return new Ours(
        call,
        "flat",
        call.inputs().stream().map(_ -> layout).toList(),
        List.of(layout),
        pairs,
        scratchBytes,
        binder);
  }

  private static Layout dense(Layout layout, TensorType x, Shape shape) {
    return layout instanceof Layout.Strided && layout.bytes(x) == x.bytes()
        ? layout
        : Layout.standard(shape);
  }

  private static boolean real(TensorType t) {
    return t.dtype() == DType.F32 || t.dtype() == DType.BF16;
  }

  private static long vectors(long elements) {
    return (elements + Raw.L - 1) / Raw.L;
  }

  private static long element(long vector) {
    return vector * Raw.L;
  }

  private static long end(long vector, long size) {
    return Math.min(vector * Raw.L, size);
  }
}
