package unfold.backend.vector;

import unfold.backend.Kernel;
import unfold.backend.Workers;
import unfold.op.Activation;
import unfold.tensor.Shape;

/// Convolutions of stride 1 in f32 by Lavin and Gray, "Fast algorithms for convolutional neural
/// networks" (2016): for kernels of 3×3 F(4×4, 3×3), with a quarter of the products, and for those
/// of 5×5 F(2×2, 5×5), with 0.36 of them.
///
/// ```
/// y = Aᵀ · [ (G·w·Gᵀ) ⊙ (Bᵀ·x·B) ] · A
/// ```
///
/// for each tile of 4×4 or 2×2 results, which reads 6×6 numbers of x. Summed over channels, each of
/// the 36 places is a matrix product: tiles × channels read by channels read × channels made. A
/// thread works on a block of tiles at a time, which stays in its cache between the three steps.
///
/// Rounding errors are some ten times those of the plain sum, since differences of neighbours are
/// taken and undone: up to 4e-6 of the largest result.
final class Winograd {
  /// Numbers that a tile reads in each direction.
  static final int SIDE = 6;

  static final int PLACES = SIDE * SIDE;

  /// What a block's numbers may take of a cache, if that leaves it enough tiles.
  private static final long BLOCK_BYTES = 384 << 10;

  /// With fewer, reading the weights would take longer than multiplying by them.
  private static final int FEWEST = 24;

  private static final int MOST = 64;

  private final Workers workers;
  private final WinogradWeights weights;
  private final Tiles tiles;
  private final int block;

  /// @param x N×C×H×W
  /// @param top zeros above x
  /// @param left zeros before x
  Winograd(
      Workers workers, WinogradWeights weights, Shape x, int top, int left, int outH, int outW) {
    this.workers = workers;
    this.weights = weights;
    this.tiles = Tiles.of(x, weights.kernel(), SIDE, top, left, outH, outW);
    long perTile = 4L * PLACES * (weights.reads() + weights.makes());
    int fitting = Math.clamp(BLOCK_BYTES / perTile, FEWEST, MOST);
    int each = Math.ceilDiv(tiles.count(), workers.threads());
    this.block = Math.ceilDiv(Math.min(fitting, each), 4) * 4;
  }

  private long readBytes() {
    return Tail.align(4L * PLACES * block * weights.reads());
  }

  private long madeBytes() {
    return Tail.align(4L * PLACES * block * weights.makes());
  }

  /// Room for a tile's numbers between its two transforms.
  private long patchBytes() {
    return Tail.align(4L * PLACES * Math.max(weights.reads(), weights.makes()));
  }

  private long partBytes() {
    return readBytes() + madeBytes() + 2 * patchBytes();
  }

  private int blocks() {
    return Math.ceilDiv(tiles.count(), block);
  }

  private int parts() {
    return Math.min(workers.threads(), blocks());
  }

  int tiles() {
    return tiles.count();
  }

  long scratchBytes() {
    return parts() * partBytes();
  }

  /// What is done to a result.
  ///
  /// @param bias 0 if there is none
  /// @param addend 0 if there is none
  record Ending(long bias, long addend, Flat.One activation) {
    static final Ending NONE = new Ending(0, 0, (_, _, _, _) -> {});

    /// @param in operands of a convolution
    static Ending of(long[] in, Activation activation) {
      boolean plain = activation.kind() == Activation.Kind.IDENTITY;
      return new Ending(
          in.length > 2 ? in[2] : 0,
          in.length > 3 ? in[3] : 0,
          plain ? NONE.activation : Activated.of(activation).full());
    }
  }

  Kernel bind(long x, long u, Ending ending, long y, long scratch) {
    return Split.share(
        workers,
        parts(),
        blocks(),
        (part, from, to) -> {
          long read = scratch + part * partBytes();
          long made = read + readBytes();
          long patch = made + madeBytes();
          long half = patch + patchBytes();
          long row = 4L * weights.reads();
          for (long b = from; b < to; b++) {
            int first = (int) b * block;
            int count = Math.min(block, tiles.count() - first);
            for (int t = 0; t < count; t++) {
              tiles.read(
                  x, first + t, patch, half, read + t * row, block * row, WinogradLoops.PAIR);
            }
            multiply(u, Math.ceilDiv(count, 4) * 4, read, made);
            for (int t = 0; t < count; t++) {
              write(y, first + t, made + 4L * t * weights.makes(), ending, patch, half);
            }
          }
        });
  }

  private void multiply(long u, int rows, long read, long made) {
    int reads = weights.reads();
    int makes = weights.makes();
    for (int place = 0; place < PLACES; place++) {
      long x = read + 4L * place * block * reads;
      long y = made + 4L * place * block * makes;
      for (int o = 0; o < makes; o += WinogradWeights.BLOCK) {
        long w = u + place * weights.placeBytes() + 4L * o * reads;
        WinogradLoops.fourByTwo(x, 4L * reads, rows, w, reads, y + 4L * o, 4L * makes);
      }
    }
  }

  /// y = act( Aᵀ·M·A + bias + addend ) of a tile.
  private void write(long y, int tile, long made, Ending ending, long patch, long half) {
    int c = weights.makes();
    long place = 4L * block * c;
    for (int j = 0; j < SIDE; j++) {
      WinogradLoops.output(
          tiles.kernel(), made + j * place, SIDE * place, half + 4L * j * c, 4L * SIDE * c, c);
    }
    int row = tiles.row(tile);
    int column = tiles.column(tile);
    long first = ((long) tiles.item(tile) * tiles.outH() + row) * tiles.outW() + column;
    int n = Math.min(tiles.tile(), tiles.outW() - column) * c;
    for (int i = 0; i < tiles.tile() && row + i < tiles.outH(); i++) {
      WinogradLoops.output(tiles.kernel(), half + 4L * i * SIDE * c, 4L * c, patch, 4L * c, c);
      long at = 4 * (first + (long) i * tiles.outW()) * c;
      if (ending.bias != 0) {
        WinogradLoops.add(ending.bias, patch, c, tiles.tile());
      }
      if (ending.addend != 0) {
        WinogradLoops.add(ending.addend + at, patch, n, 1);
      }
      ending.activation.run(false, patch, patch, n);
      Raw.copy(patch, y + at, 4L * n);
    }
  }
}
