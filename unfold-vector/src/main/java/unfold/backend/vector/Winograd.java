package unfold.backend.vector;

import java.util.ArrayList;
import org.jspecify.annotations.Nullable;
import unfold.backend.Call;
import unfold.backend.Kernel;
import unfold.backend.Workers;
import unfold.op.Activation;
import unfold.tensor.Shape;

/// Convolutions of stride 1 by Lavin and Gray, "Fast algorithms for convolutional neural networks"
/// (2016): for kernels of 3×3 F(4×4, 3×3), with a quarter of the products; for those of 5×5 F(2×2,
/// 5×5) in f32, with 0.36 of them, and F(4×4, 5×5) in bf16, with 0.16 ([Minimal]).
///
/// ```
/// y = Aᵀ · [ (G·w·Gᵀ) ⊙ (Bᵀ·x·B) ] · A
/// ```
///
/// for each tile of 4×4 or 2×2 results, which reads 6×6 or 8×8 numbers of x. Summed over channels,
/// each of the 36 or 64 places is a matrix product: tiles × channels read by channels read ×
/// channels made. A thread takes a block of tiles at a time through the three steps, so that it
/// stays in its cache; where weights are large, all threads take each step together, and each reads
/// a part of them. All of it is computed in f32.
///
/// Rounding errors of six numbers are some ten times those of the plain sum, since differences of
/// neighbours are taken and undone: up to 4e-6 of the largest result.
final class Winograd {
  /// What a block's numbers may take of a cache, if that leaves it enough tiles.
  private static final long BLOCK_BYTES = 384 << 10;

  /// With fewer, reading the weights would take longer than multiplying by them.
  private static final int FEWEST = 3 * Raw.L;

  private static final int MOST = 4 * Raw.L;

  /// Tiles for each thread of a block that all of them work on.
  private static final int SHARED = 48;

  private final Workers workers;
  private final boolean bf16;
  private final WinogradWeights weights;
  private final Minimal form;
  private final Tiles tiles;

  /// Tiles whose products are summed up at once.
  private final int rows;

  /// Tiles that go through all three steps together.
  private final int block;

  /// Whether all threads work on one block, each with a part of the weights: where there are more
  /// than twice as many weights as numbers of a thread's tiles, reading all of them in each thread
  /// takes longer than fetching what another one has transformed (Zen 5, one picture of 14×14 with
  /// 256 channels: 0.57 and 0.37 ms).
  private final boolean shared;

  /// @param bf16 whether x and the result are
  /// @param x N×C×H×W
  /// @param top zeros above x
  /// @param left zeros before x
  Winograd(
      Workers workers,
      boolean bf16,
      WinogradWeights weights,
      Shape x,
      int top,
      int left,
      int outH,
      int outW) {
    this.workers = workers;
    this.bf16 = bf16;
    this.weights = weights;
    this.form = weights.form();
    this.tiles = Tiles.of(x, form, false, top, left, outH, outW);
    long perTile = 4L * form.places() * (weights.reads() + weights.makes());
    int fitting = Math.clamp(BLOCK_BYTES / perTile, FEWEST, MOST);
    int each = Math.min(fitting, Math.ceilDiv(tiles.count(), workers.threads()));
    this.shared = workers.threads() > 1 && weights.bytes() > 2L * each * perTile;
    if (shared) {
      each = Math.ceilDiv(tiles.count(), Math.ceilDiv(tiles.count(), SHARED * workers.threads()));
    }
    this.rows = weights.wide() && 16 * padded(each, 6) <= 17 * padded(each, 4) ? 6 : 4;
    this.block = padded(each, rows);
  }

  private static int padded(int tiles, int rows) {
    return Math.ceilDiv(tiles, rows) * rows;
  }

  private long readBytes() {
    return Tail.align(4L * form.places() * block * weights.reads());
  }

  private long madeBytes() {
    return Tail.align(4L * form.places() * block * weights.makes());
  }

  /// Room for the results of a tile.
  private long patchBytes() {
    return Tail.align(4L * form.tile() * form.tile() * weights.makes());
  }

  /// Room for a tile between its two transforms on the way back.
  private long halfBytes() {
    return Tail.align(4L * form.side() * form.tile() * weights.makes());
  }

  /// Room of a thread for its transforms.
  private long roomBytes() {
    return Math.max(tiles.roomBytes(), patchBytes() + halfBytes());
  }

  private int blocks() {
    return Math.ceilDiv(tiles.count(), block);
  }

  /// How many blocks are worked on at a time.
  private int teams() {
    return shared ? 1 : Math.min(workers.threads(), blocks());
  }

  Tiles tiles() {
    return tiles;
  }

  private long teamBytes() {
    return readBytes() + madeBytes();
  }

  long scratchBytes() {
    return teams() * teamBytes() + workers.threads() * roomBytes();
  }

  /// What is done to a result.
  ///
  /// @param addend a whole tensor
  /// @param activation null for the identity
  record Ending(Given bias, Given addend, Flat.@Nullable One activation) {
    static Ending of(Call call, long[] in, Activation activation) {
      return new Ending(
          Given.of(call, in, 2),
          Given.of(call, in, 3),
          activation.kind() == Activation.Kind.IDENTITY ? null : Activated.of(activation).full());
    }

    boolean nothing() {
      return bias.at() == 0 && addend.at() == 0 && activation == null;
    }
  }

  Kernel bind(long x, long u, Ending ending, long y, long scratch) {
    long rooms = scratch + teams() * teamBytes();
    return shared
        ? together(x, u, ending, y, scratch, rooms)
        : apart(x, u, ending, y, scratch, rooms);
  }

  /// Each thread takes blocks of its own through all three steps.
  private Kernel apart(long x, long u, Ending ending, long y, long scratch, long rooms) {
    return Split.share(
        workers,
        teams(),
        blocks(),
        (part, from, to) -> {
          long read = scratch + part * teamBytes();
          long made = read + readBytes();
          long room = rooms + part * roomBytes();
          for (long b = from; b < to; b++) {
            int first = (int) b * block;
            int count = Math.min(block, tiles.count() - first);
            transform(x, first, count, read, 0, room);
            multiply(u, count, read, made, 0, products());
            write(y, first, 0, count, made, ending, room);
          }
        });
  }

  /// All threads take a block through each step, so that each reads a part of the weights.
  private Kernel together(long x, long u, Ending ending, long y, long read, long rooms) {
    long made = read + readBytes();
    var steps = new ArrayList<Kernel>();
    for (int b = 0; b < blocks(); b++) {
      int first = b * block;
      int count = Math.min(block, tiles.count() - first);
      steps.add(
          Split.among(
              workers,
              count,
              (part, from, to) ->
                  transform(
                      x,
                      first + (int) from,
                      (int) (to - from),
                      read,
                      (int) from,
                      rooms + part * roomBytes())));
      steps.add(
          Split.among(
              workers,
              products(),
              (_, from, to) -> multiply(u, count, read, made, (int) from, (int) to)));
      steps.add(
          Split.among(
              workers,
              count,
              (part, from, to) ->
                  write(y, first, (int) from, (int) to, made, ending, rooms + part * roomBytes())));
    }
    return Split.inTurn(steps);
  }

  /// Squares of `count` tiles, which become those from `place` on of a block.
  private void transform(long x, int tile, int count, long read, int place, long room) {
    long row = 4L * weights.reads();
    tiles.transform(bf16, x, tile, count, room, read + place * row, block * row, row, 0, 1);
  }

  /// Products of a block: one for each place and block of results.
  private int products() {
    return form.places() * (weights.makes() / weights.block());
  }

  private void multiply(long u, int count, long read, long made, int from, int to) {
    int reads = weights.reads();
    int makes = weights.makes();
    int across = makes / weights.block();
    int tiles = padded(count, rows);
    for (int product = from; product < to; product++) {
      int place = product / across;
      int o = product % across * weights.block();
      long x = read + 4L * place * block * reads;
      long y = made + 4L * place * block * makes + 4L * o;
      long w = u + place * weights.placeBytes() + 4L * o * reads;
      if (!weights.wide()) {
        ProductLoops.fourByTwo(x, 4L * reads, tiles, w, reads, y, 4L * makes);
      } else if (rows == 4) {
        ProductLoops.fourByFour(x, 4L * reads, tiles, w, reads, y, 4L * makes);
      } else {
        ProductLoops.sixByFour(x, 4L * reads, tiles, w, reads, y, 4L * makes);
      }
    }
  }

  /// Results of the tiles `from` to `to` − 1 of a block whose first tile is `first`.
  private void write(long y, int first, int from, int to, long made, Ending ending, long room) {
    for (int t = from; t < to; t++) {
      write(y, first + t, made + 4L * t * weights.makes(), ending, room);
    }
  }

  /// y = act( Aᵀ·M·A + bias + addend ) of a tile.
  private void write(long y, int tile, long made, Ending ending, long patch) {
    int c = weights.makes();
    int m = form.tile();
    int side = form.side();
    long half = patch + patchBytes();
    long place = 4L * block * c;
    long pixel = 4L * c;
    form.output(made, side * place, place, half, side * pixel, pixel, c, side);
    int row = tiles.row(tile);
    int column = tiles.column(tile);
    int shift = Raw.shift(bf16);
    long at = (((long) tiles.item(tile) * tiles.outH() + row) * tiles.outW() + column) * c << shift;
    long pitch = (long) tiles.outW() * c << shift;
    int down = Math.min(m, tiles.outH() - row);
    int across = Math.min(m, tiles.outW() - column);
    if (!bf16 && across == m && ending.nothing()) {
      form.output(half, pixel, side * pixel, y + at, pixel, pitch, c, down);
      return;
    }
    form.output(half, pixel, side * pixel, patch, pixel, m * pixel, c, down);
    for (int i = 0; i < down; i++) {
      end(patch + (long) i * m * pixel, at + i * pitch, across, ending, y);
    }
  }

  /// Finishes `pixels` results in a row and writes them.
  private void end(long row, long at, int pixels, Ending ending, long y) {
    int c = weights.makes();
    int n = pixels * c;
    if (ending.bias.at() != 0) {
      WinogradLoops.addRow(ending.bias.bf16(), ending.bias.at(), row, c, pixels);
    }
    if (ending.addend.at() != 0) {
      WinogradLoops.add(ending.addend.bf16(), ending.addend.at() + at, row, n);
    }
    if (ending.activation != null) {
      ending.activation.run(false, row, row, n);
    }
    if (bf16) {
      CastLoops.narrow(row, y + at, n);
    } else {
      Raw.copy(row, y + at, 4L * n);
    }
  }
}
