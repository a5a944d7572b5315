package unfold.backend.vector;

import unfold.backend.Call;
import unfold.backend.Kernel;
import unfold.backend.Offer;
import unfold.backend.Workers;
import unfold.op.Lookup;
import unfold.op.Lookup.Constant;
import unfold.op.Lookup.Fill;
import unfold.op.Lookup.Gather;
import unfold.op.Lookup.GatherGrad;
import unfold.tensor.DType;
import unfold.tensor.TensorType;

/// Offers for constants and for rows of a table by index.
final class Lookups {
  /// Scratch that the gradient of a table in bf16 may take, which is summed in f32.
  private static final long MOST_SCRATCH = 1L << 28;

  private final Workers workers;

  Lookups(Workers workers) {
    this.workers = workers;
  }

  Offer offer(Lookup op, Call call) {
    return switch (op) {
      case Fill fill -> Fills.fill(workers, fill, call);
      case Constant constant -> Fills.constant(constant, call);
      case Gather _ -> gather(call);
      case GatherGrad(int rows, DType out) -> grad(call, rows, out);
    };
  }

  private Offer gather(Call call) {
    TensorType table = call.inputs().getFirst();
    int rows = table.shape().dim(0);
    int width = table.shape().dim(1);
    boolean bf16 = table.dtype() == DType.BF16;
    long bytes = (long) width * table.dtype().bytes();
    long count = call.inputs().get(1).shape().size();
    return Offer.of(
        Ours.standard(
            call,
            "rows",
            0,
            (in, out, _) ->
                Split.loop(
                    workers,
                    count,
                    2 * count * bytes,
                    (_, from, to) -> {
                      for (long i = from; i < to; i++) {
                        int row = Raw.getI32(in[1], i);
                        long y = out[0] + i * bytes;
                        if (row >= 0 && row < rows) {
                          Raw.copy(in[0] + row * bytes, y, bytes);
                        } else {
                          for (int j = 0; j < width; j++) {
                            Raw.put(bf16, y, j, Float.NaN);
                          }
                        }
                      }
                    })));
  }

  private Offer grad(Call call, int rows, DType out) {
    TensorType dy = call.inputs().getFirst();
    TensorType y = call.outputs().getFirst();
    if (out != DType.F32 && out != DType.BF16) {
      return Offer.declined("writes f32 and bf16, not " + out);
    }
    boolean narrows = out == DType.BF16;
    long wide = 4 * y.shape().size();
    if (narrows && wide > MOST_SCRATCH) {
      return Offer.declined(y + " would need " + wide + " bytes of scratch");
    }
    int width = y.shape().dim(1);
    boolean bf16 = dy.dtype() == DType.BF16;
    long count = call.inputs().get(1).shape().size();
    int parts = Split.parts(workers, rows, 4 * y.shape().size() + 2 * dy.bytes());
    return Offer.of(
        Ours.standard(
            call,
            "rows",
            narrows ? wide + Tail.BYTES : 0,
            (in, o, scratch) -> {
              long sums = narrows ? scratch : o[0];
              Kernel add =
                  Split.share(
                      workers,
                      parts,
                      rows,
                      (_, from, to) -> add(bf16, in[0], in[1], count, width, from, to, sums));
              if (!narrows) {
                return add;
              }
              Kernel narrow =
                  new Pointwises(workers)
                      .cast(y.with(DType.F32), y, CastLoops::narrow, sums, o[0], scratch + wide);
              return () -> {
                add.run();
                narrow.run();
              };
            }));
  }

  /// Rows from … to − 1 of the table: each thread looks through all indices for those of its rows,
  /// so that the order of the sums does not depend on threads.
  private static void add(
      boolean bf16, long dy, long indices, long count, int width, long from, long to, long sums) {
    FillLoops.zero(sums + from * width * 4, (to - from) * width * 4);
    int whole = width / Raw.L * Raw.L;
    for (long i = 0; i < count; i++) {
      int row = Raw.getI32(indices, i);
      if (row >= from && row < to) {
        long source = dy + (i * width << Raw.shift(bf16));
        long sum = sums + 4L * row * width;
        ReduceLoops.sumsOfRow(bf16, source, whole, sum);
        for (int j = whole; j < width; j++) {
          Raw.putF32(sum, j, Raw.getF32(sum, j) + Raw.get(bf16, source, j));
        }
      }
    }
  }
}
