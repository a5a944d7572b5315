package unfold.backend.vector;

import static unfold.backend.vector.Winograd.PLACES;
import static unfold.backend.vector.Winograd.SIDE;
import static unfold.backend.vector.WinogradLoops.PAIR;

import java.util.ArrayList;
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
/// over all tiles: for each of the 36 places a product of channels in × tiles by tiles × channels
/// out. All threads transform the tiles of a block, then each multiplies some of the places, so
/// that there is one sum for all of them.
final class WinogradGrad {
  /// Tiles of a block.
  private static final int BLOCK = 128;

  private final Workers workers;
  private final Tiles x;
  private final Tiles dy;
  private final int in;
  private final int out;

  /// @param xShape N×C×H×W
  /// @param dyShape N×O×outH×outW
  WinogradGrad(Workers workers, Shape xShape, Shape dyShape, int kernel, int top, int left) {
    this.workers = workers;
    int outH = dyShape.dim(2);
    int outW = dyShape.dim(3);
    this.x = Tiles.of(xShape, kernel, SIDE, top, left, outH, outW);
    this.dy = Tiles.of(dyShape, kernel, x.tile(), 0, 0, outH, outW);
    this.in = xShape.dim(1);
    this.out = dyShape.dim(1);
  }

  private int block() {
    return Math.min(BLOCK, x.count());
  }

  private long readBytes(int channels) {
    return Tail.align(4L * PLACES * block() * channels);
  }

  private long placeBytes() {
    return 4L * in * out;
  }

  private long sumBytes() {
    return PLACES * placeBytes();
  }

  private long patchBytes() {
    return Tail.align(4L * PLACES * Math.max(in, out));
  }

  int tiles() {
    return x.count();
  }

  /// Of a row of sums after half of the way back.
  private long halfBytes() {
    return Tail.align(4L * x.kernel() * SIDE * out);
  }

  private long roomBytes() {
    return 2 * patchBytes() + halfBytes();
  }

  long scratchBytes() {
    return readBytes(in) + readBytes(out) + sumBytes() + workers.threads() * roomBytes();
  }

  /// @param dw kH×kW×C×O
  Kernel bind(long xAt, long dyAt, long dw, long scratch) {
    var memory = new Memory(scratch);
    var steps = new ArrayList<Kernel>();
    for (int first = 0; first < x.count(); first += block()) {
      int count = Math.min(block(), x.count() - first);
      steps.add(transform(xAt, dyAt, first, count, memory));
      steps.add(products(first == 0, count, memory));
    }
    steps.add(finish(memory, dw));
    Kernel[] all = steps.toArray(Kernel[]::new);
    return () -> {
      for (Kernel step : all) {
        step.run();
      }
    };
  }

  /// Where everything lies: both transforms of a block, place by place, in pairs of vectors; the
  /// sums, place by place; and a room for each thread.
  private final class Memory {
    final long reads;
    final long slopes;
    final long sums;
    final long rooms;

    Memory(long scratch) {
      reads = scratch;
      slopes = reads + readBytes(in);
      sums = slopes + readBytes(out);
      rooms = sums + sumBytes();
    }

    long room(int part) {
      return rooms + part * roomBytes();
    }
  }

  private Kernel transform(long xAt, long dyAt, int first, int count, Memory memory) {
    long pair = PAIR * block();
    return Split.share(
        workers,
        Math.min(workers.threads(), count),
        count,
        (part, from, to) -> {
          long patch = memory.room(part);
          long half = patch + patchBytes();
          for (long t = from; t < to; t++) {
            int tile = first + (int) t;
            long by = PAIR * t;
            x.read(xAt, tile, patch, half, memory.reads + by, 4L * block() * in, pair);
            dy.slope(dyAt, tile, patch, half, memory.slopes + by, 4L * block() * out, pair);
          }
        });
  }

  private Kernel products(boolean afresh, int tiles, Memory memory) {
    return Split.share(
        workers,
        Math.min(workers.threads(), PLACES),
        PLACES,
        (_, from, to) -> {
          for (long place = from; place < to; place++) {
            long sums = memory.sums + place * placeBytes();
            if (afresh) {
              FillLoops.zero(sums, placeBytes());
            }
            long numbers = 4 * place * block();
            multiply(memory.reads + numbers * in, memory.slopes + numbers * out, tiles, sums);
          }
        });
  }

  private Kernel finish(Memory memory, long dw) {
    return Split.share(
        workers,
        Math.min(workers.threads(), in),
        in,
        (part, from, to) -> {
          long half = memory.room(part) + 2 * patchBytes();
          for (long c = from; c < to; c++) {
            weights(memory.sums + 4 * c * out, half, dw + 4 * c * out);
          }
        });
  }

  private void multiply(long x, long dy, int tiles, long sums) {
    long pair = PAIR * block();
    for (int c = 0; c < in; c += WinogradWeights.BLOCK) {
      for (int o = 0; o < out; o += WinogradWeights.BLOCK) {
        WinogradLoops.outer(
            x + c / WinogradWeights.BLOCK * pair,
            dy + o / WinogradWeights.BLOCK * pair,
            tiles,
            sums + 4L * (c * out + o),
            4L * out);
      }
    }
  }

  /// Gᵀ·S·G for all channels out of one channel in.
  private void weights(long sums, long half, long dw) {
    int kernel = x.kernel();
    long place = placeBytes();
    long row = 4L * SIDE * out;
    for (int j = 0; j < SIDE; j++) {
      WinogradLoops.weights(kernel, sums + j * place, SIDE * place, half + 4L * j * out, row, out);
    }
    for (int i = 0; i < kernel; i++) {
      WinogradLoops.weights(
          kernel, half + i * row, 4L * out, dw + i * (kernel * place), place, out);
    }
  }
}
