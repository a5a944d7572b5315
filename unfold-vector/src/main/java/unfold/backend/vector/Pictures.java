package unfold.backend.vector;

import unfold.backend.Call;
import unfold.backend.Offer;
import unfold.backend.Workers;
import unfold.op.Pointwise.NormalizePicture;
import unfold.tensor.DType;
import unfold.tensor.TensorType;

/// The offer for turning u8 pictures into normalised floats.
final class Pictures {
  private final Workers workers;

  Pictures(Workers workers) {
    this.workers = workers;
  }

  Offer offer(NormalizePicture op, Call call) {
    TensorType x = call.inputs().getFirst();
    Grid grid = Grid.of(x.shape().size(), x.shape().dim(1));
    boolean bf16 = op.out() == DType.BF16;
    return Offer.of(
        Ours.standard(
            call,
            "rows" + grid.period(),
            2 * grid.rowBytes() + Tail.BYTES,
            (in, out, scratch) -> {
              var convert =
                  Split.loop(
                      workers,
                      grid.rows(),
                      x.bytes() + call.outputs().getFirst().bytes(),
                      (_, from, to) -> rows(bf16, grid, in[0], out[0], from, to, scratch));
              return () -> {
                coefficients(op, grid, scratch);
                convert.run();
                rest(bf16, grid, in[0], out[0], scratch);
              };
            }));
  }

  private static void coefficients(NormalizePicture op, Grid grid, long tile) {
    for (int c = 0; c < grid.channels(); c++) {
      double deviation = op.deviation().get(c);
      Raw.putF32(tile, c, (float) (1 / (255 * deviation)));
      Raw.putF32(tile, grid.period() + c, (float) (-op.mean().get(c) / deviation));
    }
    grid.repeat(tile);
    grid.repeat(tile + grid.rowBytes());
  }

  private static void rows(boolean bf16, Grid grid, long x, long y, long from, long to, long tile) {
    int period = grid.period();
    long at = from * period;
    CastLoops.normalize(bf16, x + at, y + (at << Raw.shift(bf16)), period, period, to - from, tile);
  }

  private static void rest(boolean bf16, Grid grid, long x, long y, long tile) {
    int period = grid.period();
    int bytes = bf16 ? 2 : 4;
    long at = grid.rows() * period;
    int n = grid.restInVectors();
    CastLoops.normalize(bf16, x + at, y + at * bytes, period, n, 1, tile);
    int last = grid.rest() - n;
    if (last > 0) {
      long room = tile + 2 * grid.rowBytes();
      long tail = Tail.in(room, 0, x + at + n, last, 1);
      long to = Tail.slot(room, 1);
      CastLoops.normalize(bf16, tail, to, period, Raw.L, 1, tile + 4L * n);
      Raw.copy(to, y + (at + n) * bytes, (long) last * bytes);
    }
  }
}
