package unfold.backend.vector;

import static unfold.backend.vector.PointwiseGradLoops.SIX;
import static unfold.backend.vector.Raw.L;

import unfold.backend.Kernel;
import unfold.backend.Workers;
import unfold.op.Window;
import unfold.tensor.Shape;

/// The gradient of the weights of a convolution by 1×1 in f32: dw = Σ over pixels of x·dy, a
/// product with few rows and columns and many terms.
///
/// Strips of pixels are packed: the channels of one operand in sixes, those of the other in pairs
/// of vectors, and each six meets each pair in twelve sums ([PointwiseGradLoops#outer]). Where dw
/// is small, threads share the pixels and add up in the end; else they share the pairs.
final class PointwiseGrad {
  /// Pixels of a strip: a six and a pair of it stay in the first cache together.
  private static final int STRIP = 128;

  /// Elements of dw up to which each thread has sums of its own.
  private static final int SMALL = 1 << 16;

  private static final int PAIR = 2 * L;

  /// One side of the product: how its pixels lie, of which the result has so many in rows of
  /// `width`.
  private record Side(
      int channels, int width, int height, long rowElements, long itemElements, Window window) {
    static Side of(Shape s, Shape dy, Window window) {
      long row = (long) s.dim(1) * s.dim(3);
      return new Side(s.dim(1), dy.dim(3), dy.dim(2), row, row * s.dim(2), window);
    }

    /// In elements from pixel to pixel.
    long step() {
      return (long) channels * window.strideW();
    }

    long at(long pixel) {
      long row = pixel / width;
      return row / height * itemElements
          + row % height * window.strideH() * rowElements
          + pixel % width * step();
    }

    /// How many pixels from this one on, of n, lie one step apart.
    int run(long pixel, int n) {
      boolean dense = window.strideH() == 1 && window.strideW() == 1;
      return dense ? n : (int) Math.min(n, width - pixel % width);
    }
  }

  private final Workers workers;
  private final Side six;
  private final Side pair;
  private final boolean turned;
  private final long pixels;
  private final boolean small;
  private final int parts;

  PointwiseGrad(Workers workers, Shape x, Shape dy, Window window) {
    this.workers = workers;
    this.turned = turns(x.dim(1), dy.dim(1));
    Side from = Side.of(x, dy, window);
    Side to = Side.of(dy, dy, Window.of(1, 0));
    this.six = turned ? to : from;
    this.pair = turned ? from : to;
    this.pixels = (long) dy.dim(0) * dy.dim(2) * dy.dim(3);
    this.small = (long) six.channels * pair.channels <= SMALL;
    long work = pixels * six.channels * pair.channels / 4;
    this.parts = Split.parts(workers, small ? (pixels + STRIP - 1) / STRIP : pairs(), work);
  }

  /// Whether one of the operands has whole pairs.
  static boolean suits(int in, int out) {
    return L == 8 && (in % PAIR == 0 || out % PAIR == 0);
  }

  /// Whether x lies in pairs and dy in sixes.
  private static boolean turns(int in, int out) {
    if (in % PAIR != 0 || out % PAIR != 0) {
      return out % PAIR != 0;
    }
    // The less of sixes is empty, the better.
    return (long) (in + SIX - 1) / SIX * SIX * out > (long) (out + SIX - 1) / SIX * SIX * in;
  }

  /// Whether dw lies as O×C, not as C×O.
  boolean turned() {
    return turned;
  }

  private int sixes() {
    return (six.channels + SIX - 1) / SIX;
  }

  private int pairs() {
    return pair.channels / PAIR;
  }

  private static long sixBlock() {
    return Tail.align(4L * SIX * STRIP + 4L * L);
  }

  private static long pairBlock() {
    return 4L * PAIR * STRIP;
  }

  /// A tile, the last pixel of an operand with room behind it, and both operands' strips.
  private long roomBytes() {
    return tileBytes() + lastBytes() + sixes() * sixBlock() + pairs() * pairBlock();
  }

  private static long tileBytes() {
    return 4L * SIX * PAIR;
  }

  private long lastBytes() {
    return Tail.align(4L * (sixes() * SIX + L));
  }

  private long sumBytes() {
    return 4L * six.channels * pair.channels;
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
    long vectors = sumBytes() / (4L * L);
    return () -> {
      sums.run();
      for (int part = 1; part < parts; part++) {
        PointwiseGradLoops.sum(others + part * sumBytes(), dw, vectors);
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
    long last = tile + tileBytes();
    long strips = last + lastBytes();
    long pairStrips = strips + sixes() * sixBlock();
    int step = (int) ((to - from + STRIP - 1) / STRIP);
    long rowBytes = 4L * pair.channels;
    for (int s = 0; s < step; s++) {
      long first = Split.begin(to - from, step, s) + from;
      int n = (int) (Split.begin(to - from, step, s + 1) + from - first);
      packSixes(sixAt, first, n, last, strips);
      packPairs(pairAt, first, n, firstPair, lastPair, pairStrips);
      for (int p = firstPair; p < lastPair; p++) {
        long w = pairStrips + (p - firstPair) * pairBlock();
        for (int b = 0; b < sixes(); b++) {
          int rows = Math.min(SIX, six.channels - b * SIX);
          long y = dw + (long) b * SIX * rowBytes + 4L * p * PAIR;
          PointwiseGradLoops.outer(strips + b * sixBlock(), 4L * SIX, w, n, tile);
          if (s == 0) {
            PointwiseGradLoops.copy(tile, y, rowBytes, rows);
          } else {
            PointwiseGradLoops.add(tile, y, rowBytes, rows);
          }
        }
      }
    }
  }

  /// The last pixel of all is read from a copy, since vectors reach beyond its end.
  private void packSixes(long x, long first, int n, long last, long to) {
    int done = 0;
    int safe = first + n == pixels ? n - 1 : n;
    while (done < safe) {
      int run = six.run(first + done, safe - done);
      long from = x + 4 * six.at(first + done);
      long at = to + 4L * SIX * done;
      PointwiseGradLoops.sixes(from, 4 * six.step(), run, sixes(), at, sixBlock());
      done += run;
    }
    if (safe < n) {
      Raw.copy(x + 4 * six.at(pixels - 1), last, 4L * six.channels);
      PointwiseGradLoops.sixes(last, 0, 1, sixes(), to + 4L * SIX * safe, sixBlock());
    }
  }

  private void packPairs(long x, long first, int n, int firstPair, int lastPair, long to) {
    int done = 0;
    while (done < n) {
      int run = pair.run(first + done, n - done);
      long from = x + 4 * (pair.at(first + done) + (long) firstPair * PAIR);
      long at = to + 4L * PAIR * done;
      int blocks = lastPair - firstPair;
      PointwiseGradLoops.pairs(from, 4 * pair.step(), run, blocks, at, pairBlock());
      done += run;
    }
  }
}
