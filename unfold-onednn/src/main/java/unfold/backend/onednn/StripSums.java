package unfold.backend.onednn;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import unfold.backend.Call;
import unfold.backend.Candidate;
import unfold.backend.Layout;
import unfold.tensor.DType;

/// Sums of products over rows in f32, y = aᵀ·b, as convolutions by 1×1 ([PointwiseProducts]): some
/// rows at a time, those of one factor are turned and those of the other brought into the order of
/// weights, and their product is added to the sum while they are in a cache. Turning takes longer,
/// so that it is done to the factor with fewer columns; if that is b, the sum is yᵀ.
final class StripSums {
  /// Rows of a strip at most.
  private static final long STRIP = 512;

  /// What the number of rows of a strip is a multiple of.
  private static final long BLOCK = 8;

  /// With fewer rows, or fewer columns of the wider factor or of the other one, bringing them into
  /// order takes longer than it saves.
  private static final long FEWEST_ROWS = 512;

  private static final long FEWEST_PACKED = 512;
  private static final long FEWEST_TURNED = 128;

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
    Factor turned = a.columns > b.columns ? b : a;
    Factor packed = turned == a ? b : a;
    if (!f32
        || rows < FEWEST_ROWS
        || packed.columns < FEWEST_PACKED
        || turned.columns < FEWEST_TURNED
        || dnnl.has(Constants.CPU_ISA_AVX512_CORE)) {
      return Optional.empty();
    }
    long strip = rows / Math.ceilDiv(rows, STRIP) / BLOCK * BLOCK;
    return Way.of(dnnl, products, turned.columns, packed.columns, strip)
        .flatMap(way -> chain(call, rows, way, turned, packed, turned == a))
        .map(chain -> chain.build("strips", inputs, List.of(output)));
  }

  private Optional<Chain> chain(
      Call call, long rows, Way way, Factor turned, Factor packed, boolean upright) {
    var chain = new Chain(dnnl, call);
    Slot y = new Slot.Out(0);
    Slot sum = upright ? y : chain.temporary(way.y.size());
    long whole = rows / way.strip * way.strip;
    way.append(chain, turned, packed, whole, sum);
    if (whole < rows && !rest(chain, turned, packed, whole, rows - whole, sum)) {
      return Optional.empty();
    }
    if (upright) {
      return Optional.of(chain);
    }
    long m = turned.columns;
    long n = packed.columns;
    Md lying = Md.strided(dnnl, DType.F32, new long[] {n, m}, new long[] {1, n});
    Md result = Md.strided(dnnl, DType.F32, new long[] {n, m}, new long[] {m, 1});
    return new Reorders(dnnl)
        .primitive(lying, result)
        .map(desc ->
            chain.then(
                desc,
                new Chain.Use(Constants.ARG_SRC, lying, sum),
                new Chain.Use(Constants.ARG_DST, result, y)));
  }

  /// What is done to a strip.
  ///
  /// @param a rows of the factor that is turned
  /// @param x the same, turned
  /// @param b rows of the other factor
  /// @param w the same as weights
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

    void append(Chain chain, Factor ofA, Factor ofB, long rows, Slot sum) {
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
            new Chain.Use(Constants.ARG_DST, y, sum));
      }
    }
  }

  /// Adds the product of rows that fill no strip; says whether there is a way.
  private boolean rest(Chain chain, Factor ofA, Factor ofB, long from, long count, Slot result) {
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
            new Chain.Use(Constants.ARG_DST, y, result)));
    return sum.isPresent();
  }
}
