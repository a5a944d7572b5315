package unfold.backend.vector;

import java.util.ArrayList;
import java.util.List;
import unfold.backend.Kernel;
import unfold.backend.Workers;
import unfold.tensor.Shape;

/// The gradient of the weights for a convolution that is computed as in [Winograd], whose adjoint
/// in w is
///
/// ```
/// dw = Gᵀ · Σ [ (Bᵀ·x·B) ⊙ (A·dy·Aᵀ) ] · G
/// ```
///
/// over all tiles: for each of the places a product of channels in × tiles by tiles × channels out.
/// Each thread works on tiles of its own, a block at a time that stays in its cache, and adds up
/// sums of its own. Where those would take too much memory, all threads transform the tiles of a
/// block, then each multiplies some of the places, and there is one sum for all of them.
final class WinogradGrad {
  /// Tiles of a block.
  private static final int BLOCK = 128;

  /// With fewer tiles for each thread, sums of its own do not pay.
  private static final int FEWEST = 64;

  /// What sums of their own may take for all threads together.
  private static final long SUMS_BYTES = 48L << 20;

  private final Workers workers;
  private final boolean bf16;
  private final Minimal form;
  private final Tiles x;
  private final Tiles dy;
  private final int in;
  private final int out;

  /// Channels of dy in a block.
  private final int slopes;

  /// @param bf16 whether x and dy are
  /// @param xShape N×C×H×W
  /// @param dyShape N×O×outH×outW
  WinogradGrad(
      Workers workers, boolean bf16, Shape xShape, Shape dyShape, int kernel, int top, int left) {
    this.workers = workers;
    this.bf16 = bf16;
    int outH = dyShape.dim(2);
    int outW = dyShape.dim(3);
    this.form = Minimal.of(kernel, bf16);
    this.x = Tiles.of(xShape, form, false, top, left, outH, outW);
    this.dy = Tiles.of(dyShape, form, true, 0, 0, outH, outW);
    this.in = xShape.dim(1);
    this.out = dyShape.dim(1);
    this.slopes = WinogradWeights.block(out);
  }

  private int block() {
    return Math.min(BLOCK, x.count());
  }

  private long readBytes(int channels) {
    return Tail.align(4L * form.places() * block() * channels);
  }

  private long placeBytes() {
    return 4L * in * out;
  }

  private long sumBytes() {
    return form.places() * placeBytes();
  }

  Tiles tiles() {
    return x;
  }

  /// Of a row of sums after half of the way back.
  private long halfBytes() {
    return Tail.align(4L * form.kernel() * form.side() * out);
  }

  private long roomBytes() {
    return Math.max(Math.max(x.roomBytes(), dy.roomBytes()), halfBytes());
  }

  /// Whether sums for each thread would take too much memory.
  boolean large() {
    return workers.threads() * sumBytes() > SUMS_BYTES;
  }

  /// How many sums there are: one for each thread, or one for all.
  private int teams() {
    int threads = workers.threads();
    return large() || x.count() < (long) threads * FEWEST ? 1 : threads;
  }

  private long teamBytes() {
    return readBytes(in) + readBytes(out) + sumBytes();
  }

  long scratchBytes() {
    return teams() * teamBytes() + workers.threads() * roomBytes();
  }

  /// @param dw kH×kW×C×O
  Kernel bind(long xAt, long dyAt, long dw, long scratch) {
    long rooms = scratch + teams() * teamBytes();
    var steps = new ArrayList<Kernel>();
    if (teams() > 1) {
      steps.add(apart(xAt, dyAt, scratch, rooms));
    } else {
      together(xAt, dyAt, scratch, rooms, steps);
    }
    steps.add(finish(scratch, rooms, dw));
    return Split.inTurn(steps);
  }

  private Kernel apart(long xAt, long dyAt, long scratch, long rooms) {
    return Split.share(
        workers,
        teams(),
        x.count(),
        (part, from, to) -> {
          long team = scratch + part * teamBytes();
          for (long first = from; first < to; first += block()) {
            int count = (int) Math.min(block(), to - first);
            transform(xAt, dyAt, (int) first, count, team, 0, rooms + part * roomBytes());
            multiply(team, first == from, 0, form.places(), count);
          }
        });
  }

  private void together(long xAt, long dyAt, long team, long rooms, List<Kernel> steps) {
    for (int begin = 0; begin < x.count(); begin += block()) {
      int first = begin;
      int count = Math.min(block(), x.count() - first);
      steps.add(
          Split.among(
              workers,
              count,
              (part, from, to) ->
                  transform(
                      xAt,
                      dyAt,
                      first + (int) from,
                      (int) (to - from),
                      team,
                      (int) from,
                      rooms + part * roomBytes())));
      steps.add(
          Split.among(
              workers,
              form.places(),
              (_, from, to) -> multiply(team, first == 0, (int) from, (int) to, count)));
    }
  }

  /// Both transforms of some tiles, place by place, in blocks of channels.
  ///
  /// @param team where those of x begin, those of dy behind them, and the sums
  /// @param place of the first tile in the block
  private void transform(
      long xAt, long dyAt, int tile, int tiles, long team, int place, long room) {
    transform(x, xAt, tile, tiles, room, team, place, WinogradWeights.BLOCK);
    transform(dy, dyAt, tile, tiles, room, team + readBytes(in), place, slopes);
  }

  private void transform(
      Tiles pictures, long at, int tile, int tiles, long room, long to, int place, int channels) {
    long channelBytes = 4L * channels;
    pictures.transform(
        bf16,
        at,
        tile,
        tiles,
        room,
        to + place * channelBytes,
        4L * block() * pictures.channels(),
        channelBytes,
        Long.numberOfTrailingZeros(channelBytes),
        block() * channelBytes);
  }

  /// The products of some places, added to the sums.
  private void multiply(long team, boolean afresh, int from, int to, int tiles) {
    long dyAt = team + readBytes(in);
    long sums = dyAt + readBytes(out);
    for (int place = from; place < to; place++) {
      long at = sums + place * placeBytes();
      if (afresh) {
        FillLoops.zero(at, placeBytes());
      }
      long numbers = 4L * place * block();
      multiply(team + numbers * in, dyAt + numbers * out, tiles, at);
    }
  }

  private void multiply(long x, long dy, int tiles, long sums) {
    int step = WinogradWeights.BLOCK;
    for (int c = 0; c < in; c += step) {
      for (int o = 0; o < out; o += slopes) {
        long from = x + 4L * c * block();
        long by = dy + 4L * o * block();
        long to = sums + 4L * (c * out + o);
        if (slopes > step) {
          ProductLoops.outerFour(from, by, tiles, to, 4L * out);
        } else {
          ProductLoops.outerTwo(from, by, tiles, to, 4L * out);
        }
      }
    }
  }

  private Kernel finish(long scratch, long rooms, long dw) {
    long sums = scratch + readBytes(in) + readBytes(out);
    return Split.among(
        workers,
        in,
        (part, from, to) -> {
          for (long c = from; c < to; c++) {
            long row = sums + 4 * c * out;
            for (int team = 1; team < teams(); team++) {
              for (int place = 0; place < form.places(); place++) {
                long at = row + place * placeBytes();
                ReduceLoops.add(at + team * teamBytes(), out, at);
              }
            }
            weights(row, rooms + part * roomBytes(), dw + 4 * c * out);
          }
        });
  }

  /// Gᵀ·S·G for all channels out of one channel in.
  private void weights(long sums, long half, long dw) {
    int kernel = form.kernel();
    long place = placeBytes();
    long row = 4L * form.side() * out;
    for (int j = 0; j < form.side(); j++) {
      form.weights(sums + j * place, form.side() * place, half + 4L * j * out, row, out);
    }
    for (int i = 0; i < kernel; i++) {
      form.weights(half + i * row, 4L * out, dw + i * (kernel * place), place, out);
    }
  }
}
