package unfold.backend.vector;

import static unfold.backend.vector.ConvGradLoops.SIX;
import static unfold.backend.vector.Raw.L;

import unfold.backend.Kernel;
import unfold.backend.Workers;
import unfold.op.Window;
import unfold.tensor.Shape;

/// The gradient of the weights of a convolution in f32: dw = Σ over pixels of patches of x, times
/// dy, a product with few rows and columns and many terms.
///
/// Strips of pixels are packed: the numbers of one operand's pixel in sixes, those of the other's
/// in pairs of vectors, and each six meets each pair in twelve sums ([ConvGradLoops#outer]). Where
/// dw is small, threads share the pixels and add up in the end; else they share the pairs.
final class ConvGrad {
  /// Most pixels of a strip: a six and a pair of it stay in the first cache together.
  private static final int MOST = 128;

  private static final int LEAST = 64;

  /// Bytes of all sixes of a strip that stay in the second cache.
  private static final int NEAR = 384 << 10;

  /// Elements of dw up to which each thread has sums of its own.
  private static final int SMALL = 1 << 16;

  private static final int PAIR = 2 * L;

  private final Workers workers;
  private final Patches six;
  private final Patches pair;
  private final boolean turned;
  private final long pixels;
  private final int strip;
  private final boolean small;
  private final int parts;

  /// @param x N×C×H×W
  /// @param dy N×O×outH×outW
  /// @param w O×C×kH×kW, without dilation of columns
  ConvGrad(Workers workers, Shape x, Shape dy, Shape w, Window window) {
    this.workers = workers;
    this.turned = pixels(w, window) && turns(x.dim(1), dy.dim(1));
    var from = new Patches(x, dy, w.dim(2), w.dim(3), window);
    var to = new Patches(dy, dy, 1, 1, Window.of(1, 0));
    this.six = turned ? to : from;
    this.pair = turned ? from : to;
    this.pixels = (long) dy.dim(0) * dy.dim(2) * dy.dim(3);
    this.strip = Math.clamp(NEAR / (4L * SIX * six.sixes()), LEAST, MOST);
    this.small = w.size() <= SMALL;
    long work = pixels * w.size() / 4;
    this.parts = Split.parts(workers, small ? (pixels + strip - 1) / strip : pairs(), work);
  }

  /// Whether one of the operands has whole pairs; patches that are more than a pixel, or nothing at
  /// an edge, have to lie in sixes.
  static boolean suits(Shape w, Window window) {
    boolean out = w.dim(0) % PAIR == 0;
    boolean in = w.dim(1) % PAIR == 0 && pixels(w, window);
    return L == 8 && window.dilationW() == 1 && (in || out);
  }

  private static boolean pixels(Shape w, Window window) {
    int padding = window.padTop() + window.padBottom() + window.padLeft() + window.padRight();
    return w.dim(2) * w.dim(3) == 1 && padding == 0;
  }

  /// Whether x lies in pairs and dy in sixes.
  private static boolean turns(int in, int out) {
    if (in % PAIR != 0 || out % PAIR != 0) {
      return out % PAIR != 0;
    }
    // The fewer sixes, the longer are strips and the rarer dw is read and written again.
    return out < in;
  }

  /// Whether dw lies as O×C, not tap by tap with O innermost.
  boolean turned() {
    return turned;
  }

  private int pairs() {
    return pair.rows() / PAIR;
  }

  private long sixBlock() {
    return Tail.align(4L * SIX * strip + 4L * L);
  }

  private long pairBlock() {
    return 4L * PAIR * strip;
  }

  /// A tile, room for a patch, and both operands' strips.
  private long roomBytes() {
    return tileBytes() + six.patchBytes() + six.sixes() * sixBlock() + pairs() * pairBlock();
  }

  private static long tileBytes() {
    return 4L * SIX * PAIR;
  }

  private long sumBytes() {
    return 4L * six.rows() * pair.rows();
  }

  long scratchBytes() {
    return parts * roomBytes() + (small ? (parts - 1) * sumBytes() : 0);
  }

  Kernel bind(long x, long dy, long dw, long scratch) {
    long sixAt = turned ? dy : x;
    long pairAt = turned ? x : dy;
    if (!small) {
      return Split.share(
          workers,
          parts,
          pairs(),
          (part, from, to) -> {
            long room = scratch + part * roomBytes();
            sum(sixAt, pairAt, 0, pixels, (int) from, (int) to, room, dw);
          });
    }
    long others = scratch + parts * roomBytes() - sumBytes();
    Kernel sums =
        Split.share(
            workers,
            parts,
            pixels,
            (part, from, to) -> {
              long room = scratch + part * roomBytes();
              long own = part == 0 ? dw : others + part * sumBytes();
              sum(sixAt, pairAt, from, to, 0, pairs(), room, own);
            });
    int numbers = six.rows() * pair.rows();
    return () -> {
      sums.run();
      for (int part = 1; part < parts; part++) {
        WinogradLoops.add(false, others + part * sumBytes(), dw, numbers);
      }
    };
  }

  /// Sums over a range of pixels, for a range of pairs.
  private void sum(
      long sixAt,
      long pairAt,
      long from,
      long to,
      int firstPair,
      int lastPair,
      long tile,
      long dw) {
    long patch = tile + tileBytes();
    long sixes = patch + six.patchBytes();
    long pairs = sixes + six.sixes() * sixBlock();
    int strips = (int) ((to - from + strip - 1) / strip);
    long rowBytes = 4L * pair.rows();
    for (int s = 0; s < strips; s++) {
      long first = from + Split.begin(to - from, strips, s);
      int n = (int) (from + Split.begin(to - from, strips, s + 1) - first);
      six.packSixes(sixAt, first, n, patch, sixes, sixBlock());
      pair.packPairs(pairAt, first, n, firstPair, lastPair, pairs, pairBlock());
      for (int p = firstPair; p < lastPair; p++) {
        long w = pairs + (p - firstPair) * pairBlock();
        for (int b = 0; b < six.sixes(); b++) {
          long y = dw + six.row(b) * rowBytes + 4L * p * PAIR;
          ConvGradLoops.outer(sixes + b * sixBlock(), 4L * SIX, w, n, tile);
          if (s == 0) {
            ConvGradLoops.copy(tile, y, rowBytes, six.count(b));
          } else {
            ConvGradLoops.add(tile, y, rowBytes, six.count(b));
          }
        }
      }
    }
  }
}
