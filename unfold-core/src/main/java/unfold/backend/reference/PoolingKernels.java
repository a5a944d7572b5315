package unfold.backend.reference;

import java.util.List;
import unfold.op.Pooling;
import unfold.op.Pooling.AdaptiveAveragePool2d;
import unfold.op.Pooling.AdaptiveAveragePool2dGrad;
import unfold.op.Pooling.AdaptiveMaxPool2d;
import unfold.op.Pooling.AdaptiveMaxPool2dGrad;
import unfold.op.Pooling.AveragePool2d;
import unfold.op.Pooling.AveragePool2dGrad;
import unfold.op.Pooling.MaxPool2d;
import unfold.op.Pooling.MaxPool2dGrad;
import unfold.op.Window;

/// Pooling, with windows of one size and with adaptive ones.
final class PoolingKernels {
  private PoolingKernels() {}

  static void run(Pooling op, List<Numbers> in, List<Numbers> out) {
    switch (op) {
      case MaxPool2d(int kH, int kW, Window w) ->
          max(new Sliding(kH, kW, w), in.getFirst(), out.get(0), out.get(1));
      case AdaptiveMaxPool2d _ ->
          max(Adaptive.of(in.getFirst(), out.getFirst()), in.getFirst(), out.get(0), out.get(1));
      case MaxPool2dGrad(int kH, int kW, Window w, int _, int _) ->
          maxGrad(new Sliding(kH, kW, w), in.get(0), in.get(1), out.getFirst());
      case AdaptiveMaxPool2dGrad _ ->
          maxGrad(Adaptive.of(out.getFirst(), in.get(0)), in.get(0), in.get(1), out.getFirst());
      case AveragePool2d(int kH, int kW, Window w, boolean countPadding) ->
          average(new Sliding(kH, kW, w), countPadding, in.getFirst(), out.getFirst());
      case AdaptiveAveragePool2d _ ->
          average(Adaptive.of(in.getFirst(), out.getFirst()), false, in.getFirst(), out.getFirst());
      case AveragePool2dGrad(int kH, int kW, Window w, boolean countPadding, int _, int _) ->
          averageGrad(new Sliding(kH, kW, w), countPadding, in.getFirst(), out.getFirst());
      case AdaptiveAveragePool2dGrad _ ->
          averageGrad(
              Adaptive.of(out.getFirst(), in.getFirst()), false, in.getFirst(), out.getFirst());
    }
  }

  /// The window over the picture that belongs to an output (p, q): rows() × columns() places, some
  /// of which may lie outside the picture.
  private sealed interface Windows {
    int rows(int p);

    int columns(int q);

    /// Row of the picture under row i of the window.
    int row(int p, int i);

    int column(int q, int j);

    /// The number by which a place is remembered.
    int place(int p, int q, int i, int j);

    /// Rows and columns of the picture at a remembered place.
    int rowOf(int p, int place);

    int columnOf(int q, int place);
  }

  private record Sliding(int kernelH, int kernelW, Window window) implements Windows {
    @Override
    public int rows(int p) {
      return kernelH;
    }

    @Override
    public int columns(int q) {
      return kernelW;
    }

    @Override
    public int row(int p, int i) {
      return p * window.strideH() + i * window.dilationH() - window.padTop();
    }

    @Override
    public int column(int q, int j) {
      return q * window.strideW() + j * window.dilationW() - window.padLeft();
    }

    @Override
    public int place(int p, int q, int i, int j) {
      return i * kernelW + j;
    }

    @Override
    public int rowOf(int p, int place) {
      return row(p, place / kernelW);
    }

    @Override
    public int columnOf(int q, int place) {
      return column(q, place % kernelW);
    }
  }

  private record Adaptive(int height, int width, int outH, int outW) implements Windows {
    static Adaptive of(Numbers picture, Numbers pooled) {
      return new Adaptive(picture.dim(2), picture.dim(3), pooled.dim(2), pooled.dim(3));
    }

    @Override
    public int rows(int p) {
      return Math.ceilDiv((p + 1) * height, outH) - p * height / outH;
    }

    @Override
    public int columns(int q) {
      return Math.ceilDiv((q + 1) * width, outW) - q * width / outW;
    }

    @Override
    public int row(int p, int i) {
      return p * height / outH + i;
    }

    @Override
    public int column(int q, int j) {
      return q * width / outW + j;
    }

    @Override
    public int place(int p, int q, int i, int j) {
      return row(p, i) * width + column(q, j);
    }

    @Override
    public int rowOf(int p, int place) {
      return place / width;
    }

    @Override
    public int columnOf(int q, int place) {
      return place % width;
    }
  }

  /// What to do with the window of output (n, c, p, q).
  private interface AtOutput {
    void visit(int n, int c, int p, int q);
  }

  private static void forEach(Numbers y, AtOutput body) {
    for (int n = 0; n < y.dim(0); n++) {
      for (int c = 0; c < y.dim(1); c++) {
        for (int p = 0; p < y.dim(2); p++) {
          for (int q = 0; q < y.dim(3); q++) {
            body.visit(n, c, p, q);
          }
        }
      }
    }
  }

  private static boolean inside(Numbers x, int row, int column) {
    return row >= 0 && row < x.dim(2) && column >= 0 && column < x.dim(3);
  }

  private static void max(Windows windows, Numbers x, Numbers y, Numbers place) {
    forEach(
        y,
        (n, c, p, q) -> {
          double best = Double.NEGATIVE_INFINITY;
          int from = -1;
          for (int i = 0; i < windows.rows(p); i++) {
            for (int j = 0; j < windows.columns(q); j++) {
              int row = windows.row(p, i);
              int column = windows.column(q, j);
              if (inside(x, row, column)) {
                double v = x.get(n, c, row, column);
                if (from < 0 || v > best || (Double.isNaN(v) && !Double.isNaN(best))) {
                  best = v;
                  from = windows.place(p, q, i, j);
                }
              }
            }
          }
          y.set(n, c, p, q, best);
          place.set(n, c, p, q, from);
        });
  }

  private static void maxGrad(Windows windows, Numbers dy, Numbers place, Numbers dx) {
    dx.fill(0);
    forEach(
        dy,
        (n, c, p, q) -> {
          int from = (int) place.get(n, c, p, q);
          int row = windows.rowOf(p, from);
          int column = windows.columnOf(q, from);
          if (inside(dx, row, column)) {
            dx.add(n, c, row, column, dy.get(n, c, p, q));
          }
        });
  }

  private static void average(Windows windows, boolean countPadding, Numbers x, Numbers y) {
    forEach(
        y,
        (n, c, p, q) -> {
          double sum = 0;
          for (int i = 0; i < windows.rows(p); i++) {
            for (int j = 0; j < windows.columns(q); j++) {
              if (inside(x, windows.row(p, i), windows.column(q, j))) {
                sum += x.get(n, c, windows.row(p, i), windows.column(q, j));
              }
            }
          }
          y.set(n, c, p, q, sum / elements(windows, countPadding, x, p, q));
        });
  }

  private static void averageGrad(Windows windows, boolean countPadding, Numbers dy, Numbers dx) {
    dx.fill(0);
    forEach(
        dy,
        (n, c, p, q) -> {
          double share = dy.get(n, c, p, q) / elements(windows, countPadding, dx, p, q);
          for (int i = 0; i < windows.rows(p); i++) {
            for (int j = 0; j < windows.columns(q); j++) {
              if (inside(dx, windows.row(p, i), windows.column(q, j))) {
                dx.add(n, c, windows.row(p, i), windows.column(q, j), share);
              }
            }
          }
        });
  }

  /// How many elements the mean of a window counts.
  private static int elements(Windows windows, boolean countPadding, Numbers x, int p, int q) {
    int count = 0;
    for (int i = 0; i < windows.rows(p); i++) {
      for (int j = 0; j < windows.columns(q); j++) {
        count += countPadding || inside(x, windows.row(p, i), windows.column(q, j)) ? 1 : 0;
      }
    }
    return count;
  }
}
