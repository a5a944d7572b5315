package unfold.backend.vector;

import static unfold.backend.vector.ConvGradLoops.SIX;
import static unfold.backend.vector.Raw.L;

import unfold.op.Window;
import unfold.tensor.Shape;

/// What each pixel of a convolution's result reads of a picture: a patch, as the rows of a matrix
/// with one column for each pixel. It is a run of numbers for each row of the window, since
/// channels lie innermost and columns are not dilated.
final class Patches {
  private final int channels;
  private final int height;
  private final int width;
  private final int outH;
  private final int outW;
  private final int kH;
  private final int kW;
  private final Window window;
  private final long elements;

  /// Whether pixels follow each other as those of the result do, over all rows and items.
  private final boolean dense;

  /// @param x N×C×H×W
  /// @param y the result, N×O×outH×outW
  Patches(Shape x, Shape y, int kH, int kW, Window window) {
    this.channels = x.dim(1);
    this.height = x.dim(2);
    this.width = x.dim(3);
    this.outH = y.dim(2);
    this.outW = y.dim(3);
    this.kH = kH;
    this.kW = kW;
    this.window = window;
    this.elements = x.size();
    this.dense = kH == 1 && kW == 1 && window.equals(Window.of(1, 0));
  }

  /// Numbers of a patch.
  int rows() {
    return kH * run();
  }

  private int run() {
    return kW * channels;
  }

  private int sixesOfRun() {
    return (run() + SIX - 1) / SIX;
  }

  /// Sixes of a patch; a run's last one may have less than six.
  int sixes() {
    return kH * sixesOfRun();
  }

  /// The first row of a six.
  int row(int six) {
    return six / sixesOfRun() * run() + six % sixesOfRun() * SIX;
  }

  /// How many rows it has.
  int count(int six) {
    return Math.min(SIX, run() - six % sixesOfRun() * SIX);
  }

  /// Numbers that are read for a run.
  private int reach() {
    return (sixesOfRun() - 1) * SIX + L;
  }

  /// How many pixels from this one on, of n, are packed together: those of its row.
  private int inRow(long pixel, int n) {
    return dense ? n : (int) Math.min(n, outW - pixel % outW);
  }

  /// The line of its picture where a pixel's window begins, padding not counted.
  private int line(long pixel) {
    return (int) (pixel / outW % outH) * window.strideH();
  }

  /// The lines of all pictures before a pixel's.
  private long before(long pixel) {
    return pixel / outW / outH * height;
  }

  /// Room for a run.
  long patchBytes() {
    return Tail.align(4L * reach());
  }

  /// Patches of n pixels, six by six.
  ///
  /// @param room for a patch that reaches over an edge
  void packSixes(long x, long first, int n, long room, long to, long sixBytes) {
    int done = 0;
    while (done < n) {
      long pixel = first + done;
      int q = (int) (pixel % outW);
      int count = inRow(pixel, n - done);
      for (int i = 0; i < kH; i++) {
        int line = line(pixel) + i * window.dilationH() - window.padTop();
        long at = to + i * (sixesOfRun() * sixBytes) + 4L * SIX * done;
        if (line < 0 || line >= height) {
          for (int b = 0; b < sixesOfRun(); b++) {
            FillLoops.zero(at + b * sixBytes, 4L * SIX * count);
          }
        } else {
          packRun(x, before(pixel) + line, q, count, room, at, sixBytes);
        }
      }
      done += count;
    }
  }

  /// A run of each of some pixels from column q of the result on.
  private void packRun(long x, long line, int q, int count, long room, long to, long sixBytes) {
    int stride = window.strideW();
    int left = window.padLeft();
    // The pixels whose runs lie inside the row, and what is read with them inside the tensor.
    int from = Math.clamp((left + stride - 1) / stride, q, q + count);
    long most = dense ? q + count : Math.max(0, Math.floorDiv(width - kW + left, stride) + 1);
    long last = Math.floorDiv(elements - reach() - line * width * channels, channels);
    most = Math.min(most, Math.floorDiv(last + left, stride) + 1);
    int end = Math.clamp(most, from, q + count);
    for (int p = q; p < from; p++) {
      packEdge(x, line, p, room, to + 4L * SIX * (p - q), sixBytes);
    }
    if (from < end) {
      long at = x + 4 * (line * width + (long) from * stride - left) * channels;
      long step = 4L * stride * channels;
      ConvGradLoops.sixes(at, step, end - from, sixesOfRun(), to + 4L * SIX * (from - q), sixBytes);
    }
    for (int p = end; p < q + count; p++) {
      packEdge(x, line, p, room, to + 4L * SIX * (p - q), sixBytes);
    }
  }

  /// A run of which only a part lies in the row.
  private void packEdge(long x, long line, int p, long room, long to, long sixBytes) {
    int column = p * window.strideW() - window.padLeft();
    int end = dense ? column + kW : Math.min(width, column + kW);
    int begin = Math.clamp(0, column, column + kW);
    FillLoops.zero(room, patchBytes());
    if (begin < end) {
      long from = x + 4 * (line * width + begin) * channels;
      Raw.copy(from, room + 4L * (begin - column) * channels, 4L * (end - begin) * channels);
    }
    ConvGradLoops.sixes(room, 0, 1, sixesOfRun(), to, sixBytes);
  }

  /// Pixels that are patches of their own, in pairs of vectors, from one pair to before another.
  void packPairs(long x, long first, int n, int firstPair, int lastPair, long to, long pairBytes) {
    int done = 0;
    while (done < n) {
      long pixel = first + done;
      int count = inRow(pixel, n - done);
      long column = pixel % outW * window.strideW();
      long from = x + 4 * ((before(pixel) + line(pixel)) * width + column) * channels;
      ConvGradLoops.pairs(
          from + 8L * L * firstPair,
          4L * window.strideW() * channels,
          count,
          lastPair - firstPair,
          to + 8L * L * done,
          pairBytes);
      done += count;
    }
  }
}
