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

  long scratchBytes() {
    return readBytes(in)
        + readBytes(out)
        + sumBytes()
        + workers.threads() * (2 * patchBytes() + halfBytes());
  }

  /// Of a row of sums after half of the way back.
  private long halfBytes() {
    return Tail.align(4L * x.kernel() * SIDE * out);
  }

  /// @param dw kH×kW×C×O
  Kernel bind(long xAt, long dyAt, long dw, long scratch) {
    long reads = scratch;
    long slopes = reads + readBytes(in);
    long sums = slopes + readBytes(out);
    long rooms = sums + sumBytes();
    long room = 2 * patchBytes() + halfBytes();
    int threads = workers.threads();
    var steps = new ArrayList<Kernel>();
    for (int b = 0; b < x.count(); b += block()) {
      int first = b;
      int count = Math.min(block(), x.count() - first);
      steps.add(
          Split.share(
              workers,
              Math.min(threads, count),
              count,
              (part, from, to) -> {
                long patch = rooms + part * room;
                long half = patch + patchBytes();
                for (long t = from; t < to; t++) {
                  int tile = first + (int) t;
                  long to1 = reads + PAIR * t;
                  long to2 = slopes + PAIR * t;
                  x.read(xAt, tile, patch, half, to1, 4L * block() * in, PAIR * block());
                  dy.slope(dyAt, tile, patch, half, to2, 4L * block() * out, PAIR * block());
                }
              }));
      steps.add(
          Split.share(
              workers,
              Math.min(threads, PLACES),
              PLACES,
              (_, from, to) -> {
                for (long place = from; place < to; place++) {
                  multiply(
                      reads + 4 * place * block() * in,
                      slopes + 4 * place * block() * out,
                      count,
                      sums + place * placeBytes());
                }
              }));
    }
    steps.add(
        Split.share(
            workers,
            Math.min(threads, in),
            in,
            (part, from, to) -> {
              long half = rooms + part * room + 2 * patchBytes();
              for (long c = from; c < to; c++) {
                finish(sums + 4 * c * out, half, dw + 4 * c * out);
              }
            }));
    Kernel[] all = steps.toArray(Kernel[]::new);
    return () -> {
      FillLoops.zero(sums, sumBytes());
      for (Kernel step : all) {
        step.run();
      }
    };
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
  private void finish(long sums, long half, long dw) {
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
