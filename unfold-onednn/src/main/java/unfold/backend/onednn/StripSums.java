package unfold.backend.onednn;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import unfold.backend.Call;
import unfold.backend.Candidate;
import unfold.backend.Layout;
import unfold.tensor.DType;

/// Sums of products over rows in f32, y = aᵀ·b, as convolutions by 1×1 ([PointwiseProducts]): some
/// rows at a time, those of a are turned and those of b brought into the order of weights, and
/// their product is added to y while they are in a cache.
final class StripSums {
  /// Rows of a strip at most.
  private static final long STRIP = 512;

  /// What the number of rows of a strip is a multiple of.
  private static final long BLOCK = 8;

  /// With fewer rows, or fewer columns of either factor, bringing them into order takes longer than
  /// it saves. Turning is the slower of the two, and is paid by the columns of b.
  private static final long FEWEST_ROWS = 512;

  private static final long FEWEST_OF_A = 256;
  private static final long FEWEST_OF_B = 512;

  private final Dnnl dnnl;
  private final PointwiseProducts products;

  StripSums(Dnnl dnnl) {
    this.dnnl = dnnl;
    this.products = new PointwiseProducts(dnnl);
  }

  /// Rows one after the other.
  ///
  /// @param operand place among the call's operands
  record Factor(int operand, long columns) {
    private Slot rows(long first, long count) {
      long row = columns * DType.F32.bytes();
      return new Slot.Piece(new Slot.In(operand), first * row, count * row);
    }
  }

  /// Nothing where that takes longer than it saves, and on CPUs with AVX-512.
  ///
  /// @param rows of a and of b
  Optional<Candidate> offer(
      Call call, long rows, Factor a, Factor b, List<Layout> inputs, Layout output) {
    boolean f32 =
        Stream.concat(call.inputs().stream(), call.outputs().stream())
            .allMatch(t -> t.dtype() == DType.F32);
    if (!f32
        || rows < FEWEST_ROWS
        || a.columns < FEWEST_OF_A
        || b.columns < FEWEST_OF_B
        || dnnl.has(Constants.CPU_ISA_AVX512_CORE)) {
      return Optional.empty();
    }
    long strip = rows / Math.ceilDiv(rows, STRIP) / BLOCK * BLOCK;
    var chain = new Chain(dnnl, call);
    var way = Way.of(dnnl, products, a.columns, b.columns, strip);
    if (way.isEmpty()) {
      return Optional.empty();
    }
    long whole = rows / strip * strip;
    way.get().append(chain, a, b, whole);
    if (whole < rows && !rest(chain, a, b, whole, rows - whole)) {
      return Optional.empty();
    }
    String label = way.get().next().implementation() + " strips";
    return Optional.of(chain.build(label, inputs, List.of(output)));
  }

  /// What is done to a strip.
  ///
  /// @param x rows of a, turned
  /// @param w rows of b as weights
  /// @param first y = x·w
  /// @param next y += x·w
  private record Way(
      long strip,
      Md a,
      Md x,
      PrimitiveDesc turn,
      Md b,
      Md w,
      PrimitiveDesc pack,
      Md y,
      PrimitiveDesc first,
      PrimitiveDesc next) {
    static Optional<Way> of(Dnnl dnnl, PointwiseProducts products, long m, long n, long strip) {
      Md x = products.picture(m, strip);
      Md y = products.picture(m, n);
      Md any = Md.any(dnnl, DType.F32, new long[] {n, strip, 1, 1});
      var first = first(products, x, any, y, List.of());
      if (first.isEmpty()) {
        return Optional.empty();
      }
      Md w = first.get().argument(Constants.ARG_WEIGHTS).orElse(any);
      var next = first(products, x, w, y, List.of(new PostOp.Sum()));
      long all = strip * m;
      Md a = Md.strided(dnnl, DType.F32, new long[] {1, strip, 1, m}, new long[] {all, m, all, 1});
      Md b = Md.strided(dnnl, DType.F32, new long[] {n, strip, 1, 1}, new long[] {1, n, 1, 1});
      var reorders = new Reorders(dnnl);
      var turn = reorders.primitive(a, x);
      var pack = reorders.primitive(b, w);
      return next.isEmpty() || turn.isEmpty() || pack.isEmpty()
          ? Optional.empty()
          : Optional.of(
              new Way(strip, a, x, turn.get(), b, w, pack.get(), y, first.get(), next.get()));
    }

    private static Optional<PrimitiveDesc> first(
        PointwiseProducts products, Md x, Md w, Md y, List<PostOp> postOps) {
      return products.pointwise(x, w, Optional.empty(), y, postOps).stream().findFirst();
    }

    void append(Chain chain, Factor ofA, Factor ofB, long rows) {
      Slot turned = chain.temporary(x.size());
      Slot packed = chain.temporary(w.size());
      for (long at = 0; at < rows; at += strip) {
        chain.then(
            turn,
            new Chain.Use(Constants.ARG_SRC, a, ofA.rows(at, strip)),
            new Chain.Use(Constants.ARG_DST, x, turned));
        chain.then(
            pack,
            new Chain.Use(Constants.ARG_SRC, b, ofB.rows(at, strip)),
            new Chain.Use(Constants.ARG_DST, w, packed));
        chain.then(
            at == 0 ? first : next,
            new Chain.Use(Constants.ARG_SRC, x, turned),
            new Chain.Use(Constants.ARG_WEIGHTS, w, packed),
            new Chain.Use(Constants.ARG_DST, y, new Slot.Out(0)));
      }
    }
  }

  /// Adds the product of rows that fill no strip; says whether there is a way.
  private boolean rest(Chain chain, Factor ofA, Factor ofB, long from, long count) {
    long m = ofA.columns;
    long n = ofB.columns;
    Md a = Md.strided(dnnl, DType.F32, new long[] {m, count}, new long[] {1, m});
    Md b = Md.strided(dnnl, DType.F32, new long[] {count, n}, new long[] {n, 1});
    Md y = Md.strided(dnnl, DType.F32, new long[] {m, n}, new long[] {n, 1});
    var sum = new MatMuls(dnnl).primitive(a, b, y, List.of(new PostOp.Sum()));
    sum.ifPresent(desc ->
        chain.then(
            desc,
            new Chain.Use(Constants.ARG_SRC, a, ofA.rows(from, count)),
            new Chain.Use(Constants.ARG_WEIGHTS, b, ofB.rows(from, count)),
            new Chain.Use(Constants.ARG_DST, y, new Slot.Out(0))));
    return sum.isPresent();
  }
}
