package unfold.backend.vector;

import unfold.backend.Call;
import unfold.backend.Candidate.InPlace;
import unfold.backend.Offer;
import unfold.backend.Workers;
import unfold.op.Randomness;
import unfold.op.Randomness.Dropout;
import unfold.op.Randomness.Grain;
import unfold.op.Randomness.Uniform;
import unfold.tensor.DType;
import unfold.tensor.Shape;
import unfold.tensor.TensorType;

/// The offers for dropout and for uniform numbers. Words are drawn for pieces of the tensor in the
/// order of its elements in memory; where more than one element hangs on a word, the piece is a run
/// of elements that lie together, or the channels of one position.
final class Dropouts {
  /// Words drawn at once; a multiple of what a vector of blocks gives.
  private static final int PIECE = 2048;

  private final Workers workers;

  Dropouts(Workers workers) {
    this.workers = workers;
  }

  Offer offer(Randomness op, Call call) {
    return switch (op) {
      case Dropout d when d.rate() * 0x1p32 > 0xFFFFFFFFL ->
          Offer.declined("a rate of " + d.rate() + " keeps nothing");
      case Dropout d -> dropout(d, call);
      case Uniform u -> Offer.of(uniform(u, call));
    };
  }

  private Offer dropout(Dropout op, Call call) {
    TensorType x = call.inputs().getFirst();
    Shape s = x.shape();
    boolean channelsLast = op.grain() == Grain.CHANNEL && s.rank() == 4;
    long run =
        switch (op.grain()) {
          case ELEMENT -> 1;
          case CHANNEL -> channelsLast ? 1 : s.size() / ((long) s.dim(0) * s.dim(1));
          case ITEM -> s.size() / s.dim(0);
        };
    if (channelsLast) {
      return Offer.of(channels(op, call));
    }
    return Offer.of(run == 1 ? elements(op, call) : runs(op, call, run));
  }

  private Ours elements(Dropout op, Call call) {
    TensorType x = call.inputs().getFirst();
    boolean bf16 = x.dtype() == DType.BF16;
    int bytes = x.dtype().bytes();
    long size = x.shape().size();
    long pieces = (size + PIECE - 1) / PIECE;
    int parts = Split.parts(workers, pieces, 4 * x.bytes());
    long perPart = 4L * PIECE + Tail.BYTES;
    return Ours.standard(
            call,
            "words",
            parts * perPart,
            (in, out, scratch) ->
                Split.share(
                    workers,
                    parts,
                    pieces,
                    (part, from, to) -> {
                      long words = scratch + part * perPart;
                      for (long i = from; i < to; i++) {
                        long at = i * PIECE;
                        int n = (int) Math.min(PIECE, size - at);
                        draw(op.stream(), in[1], at, words);
                        drop(
                            op,
                            bf16,
                            words,
                            in[0] + at * bytes,
                            out[0] + at * bytes,
                            n,
                            words + 4L * PIECE);
                      }
                    }))
        .inPlace(new InPlace(0, 0));
  }

  private static void drop(Dropout op, boolean bf16, long words, long x, long y, int n, long room) {
    int bytes = bf16 ? 2 : 4;
    int whole = n / Raw.L * Raw.L;
    PhiloxLoops.drop(bf16, words, x, y, whole, threshold(op), scale(op));
    if (whole < n) {
      long tail = Tail.in(room, 0, x + (long) whole * bytes, n - whole, bytes);
      PhiloxLoops.drop(bf16, words + 4L * whole, tail, tail, Raw.L, threshold(op), scale(op));
      Raw.copy(tail, y + (long) whole * bytes, (long) (n - whole) * bytes);
    }
  }

  /// Each word decides over a run of elements.
  private Ours runs(Dropout op, Call call, long run) {
    TensorType x = call.inputs().getFirst();
    boolean bf16 = x.dtype() == DType.BF16;
    int bytes = x.dtype().bytes();
    long grains = x.shape().size() / run;
    int parts = Split.parts(workers, grains, 2 * x.bytes());
    long perPart = 4L * PIECE + Tail.BYTES;
    Flat.One keep = (b, from, to, n) -> UnaryLoops.affine(b, from, to, n, scale(op), 0);
    return Ours.standard(
            call,
            "runs",
            parts * perPart,
            (in, out, scratch) ->
                Split.share(
                    workers,
                    parts,
                    grains,
                    (part, from, to) -> {
                      long words = scratch + part * perPart;
                      long drawn = -1;
                      for (long g = from; g < to; g++) {
                        if (g / PIECE != drawn) {
                          drawn = g / PIECE;
                          draw(op.stream(), in[1], drawn * PIECE, words);
                        }
                        int word = Raw.getI32(words, g % PIECE);
                        if (Integer.compareUnsigned(word, threshold(op)) >= 0) {
                          Flat.run(
                              keep,
                              bf16,
                              in[0],
                              out[0],
                              g * run,
                              (g + 1) * run,
                              words + 4L * PIECE);
                        } else {
                          FillLoops.zero(out[0] + g * run * bytes, run * bytes);
                        }
                      }
                    }))
        .inPlace(new InPlace(0, 0));
  }

  /// Channels last: the words of one item decide over all its positions.
  private Ours channels(Dropout op, Call call) {
    TensorType x = call.inputs().getFirst();
    Shape s = x.shape();
    boolean bf16 = x.dtype() == DType.BF16;
    int bytes = x.dtype().bytes();
    int c = s.dim(1);
    int positions = s.dim(2) * s.dim(3);
    int parts = Split.parts(workers, s.dim(0), 2 * x.bytes());
    int most = (c + 2 * PIECE - 1) / PIECE * PIECE;
    long perPart = 4L * most + Tail.BYTES;
    return Ours.standard(
            call,
            "channels",
            parts * perPart,
            (in, out, scratch) ->
                Split.share(
                    workers,
                    parts,
                    s.dim(0),
                    (part, from, to) -> {
                      long words = scratch + part * perPart;
                      for (long item = from; item < to; item++) {
                        long first = item * c / 4 * 4;
                        for (int w = 0; w < most; w += PIECE) {
                          draw(op.stream(), in[1], first + w, words + 4L * w);
                        }
                        long mine = words + 4 * (item * c - first);
                        for (int p = 0; p < positions; p++) {
                          long at = (item * positions + p) * c * bytes;
                          drop(op, bf16, mine, in[0] + at, out[0] + at, c, words + 4L * most);
                        }
                      }
                    }))
        .inPlace(new InPlace(0, 0));
  }

  /// A few numbers, by one thread.
  private static Ours uniform(Uniform op, Call call) {
    long size = op.shape().size();
    return Ours.standard(
        call,
        "uniform",
        4L * PIECE,
        (in, out, words) ->
            () -> {
              for (long at = 0; at < size; at += PIECE) {
                draw(op.stream(), in[0], at, words);
                int n = (int) Math.min(PIECE, size - at);
                for (int i = 0; i < n; i++) {
                  Raw.putF32(out[0], at + i, (Raw.getI32(words, i) >>> 8) * 0x1p-24f);
                }
              }
            });
  }

  /// The words of PIECE grains, the first of which is a multiple of 4.
  private static void draw(int stream, long key, long firstGrain, long words) {
    long seed = Raw.getI32(key, 0) & 0xFFFFFFFFL | (long) Raw.getI32(key, 1) << 32;
    PhiloxLoops.words(
        seed,
        (int) (firstGrain / 4),
        stream,
        Raw.getI32(key, 2),
        Raw.getI32(key, 3),
        PIECE / 4,
        words);
  }

  private static int threshold(Dropout op) {
    return (int) (long) Math.ceil(op.rate() * 0x1p32);
  }

  private static float scale(Dropout op) {
    return (float) (1 / (1 - op.rate()));
  }
}
