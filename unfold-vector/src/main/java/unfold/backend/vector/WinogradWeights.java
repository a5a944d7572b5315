package unfold.backend.vector;

import static unfold.backend.vector.Raw.L;

import java.util.List;
import java.util.Optional;
import unfold.backend.Kernel;
import unfold.backend.Layout;
import unfold.backend.Workers;
import unfold.tensor.DType;
import unfold.tensor.Shape;

/// The weights of a convolution as [Winograd] multiplies by them: U = G·w·Gᵀ, 6×6 or 8×8 numbers
/// for each pair of channels, place by place, for each place in blocks of two or four vectors of
/// results, in these channel by channel. A layout of its own: where weights do not change, they are
/// brought into it once.
///
/// @param out O of the weights O×C×kH×kW
/// @param in C of the weights
/// @param form for kH and kW
/// @param adjoint for the gradient of the convolution's input, which reads O channels and makes C
record WinogradWeights(int out, int in, Minimal form, boolean adjoint) {
  /// Channels of a block of those that are read, and of those that are made where no more fit.
  static final int BLOCK = 2 * L;

  /// @param bf16 whether the convolution's operands are
  static WinogradWeights of(boolean bf16, Shape w, boolean adjoint) {
    return new WinogradWeights(w.dim(0), w.dim(1), Minimal.of(w.dim(2), bf16), adjoint);
  }

  /// Channels that are read.
  int reads() {
    return adjoint ? out : in;
  }

  /// Channels that are made.
  int makes() {
    return adjoint ? in : out;
  }

  /// Results in a block.
  int block() {
    return block(makes());
  }

  /// Of those that are made, as many as four vectors hold where a processor has registers for their
  /// sums, else two.
  static int block(int channels) {
    return L == 16 && channels % (2 * BLOCK) == 0 ? 2 * BLOCK : BLOCK;
  }

  /// Whether a block has four vectors.
  boolean wide() {
    return block() > BLOCK;
  }

  /// Its descriptor is a list, since this class has several copies ([PureBackend]).
  Layout layout() {
    return new Layout.Packed(
        "vector",
        List.of(out, in, form.tile(), form.kernel(), adjoint),
        bytes(),
        "winograd "
            + (adjoint ? "adjoint " : "")
            + out
            + "x"
            + in
            + "k"
            + form.kernel()
            + "m"
            + form.tile());
  }

  /// What a layout made by [#layout] describes.
  static Optional<WinogradWeights> of(Layout layout) {
    return layout instanceof Layout.Packed(var backend, List<?> list, _, _)
            && backend.equals("vector")
            && list.get(0) instanceof Integer out
            && list.get(1) instanceof Integer in
            && list.get(2) instanceof Integer tile
            && list.get(3) instanceof Integer kernel
            && list.get(4) instanceof Boolean adjoint
        ? Optional.of(new WinogradWeights(out, in, new Minimal(tile, kernel), adjoint))
        : Optional.empty();
  }

  long bytes() {
    return form.places() * placeBytes();
  }

  /// Bytes of one of the places.
  long placeBytes() {
    return 4L * out * in;
  }

  private long blockBytes() {
    return 4L * BLOCK * block();
  }

  /// Room of one thread: the kernel's numbers of each pair of a block, and those half expanded.
  private long room() {
    return form.kernel() * blockBytes() * (form.kernel() + form.side());
  }

  long scratchBytes(Workers workers) {
    return workers.threads() * room();
  }

  /// @param from the type of w: f32 or bf16
  /// @param to that of the operand which the layout is of
  /// @param strides of w, in numbers
  Kernel make(
      Workers workers, DType from, DType to, long w, List<Long> strides, long u, long scratch) {
    boolean bf16 = from == DType.BF16;
    boolean rounds = to == DType.BF16 && !bf16;
    int across = reads() / BLOCK;
    int blocks = makes() / block() * across;
    return Split.among(
        workers,
        blocks,
        (part, begin, end) -> {
          long room = scratch + part * room();
          for (int b = (int) begin; b < end; b++) {
            gather(bf16, rounds, w, strides, b / across * block(), b % across * BLOCK, room);
            expand(room, u + b * blockBytes());
          }
        });
  }

  /// The numbers, turned by half a turn for the adjoint, of a block of channels made from `made` on
  /// and of channels read from `read` on, those made innermost.
  private void gather(
      boolean bf16, boolean rounds, long w, List<Long> strides, int made, int read, long room) {
    int bytes = bf16 ? 2 : 4;
    long perMade = bytes * strides.get(adjoint ? 1 : 0);
    long perRead = bytes * strides.get(adjoint ? 0 : 1);
    long at = w + made * perMade + read * perRead;
    int kernel = form.kernel();
    int taps = kernel * kernel;
    for (int k = 0; k < taps; k++) {
      int tap = adjoint ? taps - 1 - k : k;
      WinogradLoops.block(
          bf16,
          rounds,
          at + bytes * (tap / kernel * strides.get(2) + tap % kernel * strides.get(3)),
          perRead,
          perMade,
          room + k * blockBytes(),
          BLOCK,
          block());
    }
  }

  private void expand(long room, long to) {
    int kernel = form.kernel();
    long row = kernel * blockBytes();
    long half = room + kernel * row;
    int n = BLOCK * block();
    for (int j = 0; j < kernel; j++) {
      long column = j * blockBytes();
      form.expand(room + column, row, half + column, row, n);
    }
    for (int i = 0; i < form.side(); i++) {
      long place = to + i * (form.side() * placeBytes());
      form.expand(half + i * row, blockBytes(), place, placeBytes(), n);
    }
  }
}
