package unfold.backend.vector;

import static unfold.backend.vector.Raw.L;
import static unfold.backend.vector.Winograd.PLACES;
import static unfold.backend.vector.Winograd.SIDE;

import java.util.List;
import java.util.Optional;
import unfold.backend.Kernel;
import unfold.backend.Layout;
import unfold.backend.Workers;
import unfold.tensor.Shape;

/// The weights of a 3×3 convolution as [Winograd] multiplies by them: U = G·w·Gᵀ, 6×6 numbers for
/// each pair of channels, place by place, for each place in blocks of two vectors of results, in
/// these channel by channel. A layout of its own: where weights do not change, they are brought
/// into it once.
///
/// @param out O of the weights O×C×3×3
/// @param in C of the weights
/// @param adjoint for the gradient of the convolution's input, which reads O channels and makes C
record WinogradWeights(int out, int in, boolean adjoint) {
  /// Channels of a block.
  static final int BLOCK = 2 * L;

  static WinogradWeights of(Shape w, boolean adjoint) {
    return new WinogradWeights(w.dim(0), w.dim(1), adjoint);
  }

  /// Channels that are read.
  int reads() {
    return adjoint ? out : in;
  }

  /// Channels that are made.
  int makes() {
    return adjoint ? in : out;
  }

  /// Its descriptor is a list, since this class has several copies ([PureBackend]).
  Layout layout() {
    return new Layout.Packed(
        "vector",
        List.of(out, in, adjoint),
        PLACES * placeBytes(),
        "winograd " + (adjoint ? "adjoint " : "") + out + "x" + in);
  }

  /// What a layout made by [#layout] describes.
  static Optional<WinogradWeights> of(Layout layout) {
    return layout instanceof Layout.Packed(var backend, List<?> list, _, _)
            && backend.equals("vector")
            && list.get(0) instanceof Integer out
            && list.get(1) instanceof Integer in
            && list.get(2) instanceof Boolean adjoint
        ? Optional.of(new WinogradWeights(out, in, adjoint))
        : Optional.empty();
  }

  /// Bytes of one of the 36 places.
  long placeBytes() {
    return 4L * out * in;
  }

  private static final long BLOCK_BYTES = 4L * BLOCK * BLOCK;

  /// Room of one thread: a block's 3×3 numbers of each pair, and 6×3.
  private static final long ROOM = (9 + 18) * BLOCK_BYTES;

  long scratchBytes(Workers workers) {
    return workers.threads() * ROOM;
  }

  /// @param strides of w, in numbers
  Kernel make(Workers workers, long w, List<Long> strides, long to, long scratch) {
    int across = reads() / BLOCK;
    int blocks = makes() / BLOCK * across;
    return Split.share(
        workers,
        Math.min(workers.threads(), blocks),
        blocks,
        (part, from, end) -> {
          long room = scratch + part * ROOM;
          for (int b = (int) from; b < end; b++) {
            gather(w, strides, b / across * BLOCK, b % across * BLOCK, room);
            expand(room, to + b * BLOCK_BYTES);
          }
        });
  }

  /// The 3×3 numbers, turned by half a turn for the adjoint, of a block of channels made from
  /// `made` on and of channels read from `read` on, those made innermost.
  private void gather(long w, List<Long> strides, int made, int read, long room) {
    long perMade = 4 * strides.get(adjoint ? 1 : 0);
    long perRead = 4 * strides.get(adjoint ? 0 : 1);
    long at = w + made * perMade + read * perRead;
    for (int k = 0; k < 9; k++) {
      int tap = adjoint ? 8 - k : k;
      WinogradLoops.block(
          at + 4 * (tap / 3 * strides.get(2) + tap % 3 * strides.get(3)),
          perRead,
          perMade,
          room + k * BLOCK_BYTES);
    }
  }

  private void expand(long room, long to) {
    long half = room + 9 * BLOCK_BYTES;
    int n = BLOCK * BLOCK;
    for (int j = 0; j < 3; j++) {
      long row = j * BLOCK_BYTES;
      WinogradLoops.expand(room + row, 3 * BLOCK_BYTES, half + row, 3 * BLOCK_BYTES, n);
    }
    for (int i = 0; i < SIDE; i++) {
      long place = to + i * SIDE * placeBytes();
      WinogradLoops.expand(half + 3 * i * BLOCK_BYTES, BLOCK_BYTES, place, placeBytes(), n);
    }
  }
}
