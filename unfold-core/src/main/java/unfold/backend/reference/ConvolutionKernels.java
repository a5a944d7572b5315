package unfold.backend.reference;

import java.util.List;
import unfold.op.Activation;
import unfold.op.Convolution;
import unfold.op.Convolution.Conv2d;
import unfold.op.Convolution.Conv2dWeightGrad;
import unfold.op.Convolution.ConvTranspose2d;
import unfold.op.Window;

/// Convolutions: all three are one sum over the same places, taken in three directions.
final class ConvolutionKernels {
  private ConvolutionKernels() {}

  static void run(Convolution op, List<Numbers> in, List<Numbers> out) {
    switch (op) {
      case Conv2d(Window window, int groups, Activation activation) -> {
        Numbers y = out.getFirst();
        y.fill(0);
        walk(window, groups, in.get(0), in.get(1), y, Direction.FORWARD);
        finish(in, y, activation);
      }
      case ConvTranspose2d(Window window, int groups, int _, int _) -> {
        Numbers x = out.getFirst();
        x.fill(0);
        walk(window, groups, x, in.get(1), in.get(0), Direction.TO_INPUT);
      }
      case Conv2dWeightGrad(Window window, int groups, int _, int _, var _) -> {
        Numbers w = out.getFirst();
        w.fill(0);
        walk(window, groups, in.get(0), w, in.get(1), Direction.TO_WEIGHT);
      }
    }
  }

  private enum Direction {
    /// y += w·x
    FORWARD,
    /// x += w·y
    TO_INPUT,
    /// w += x·y
    TO_WEIGHT
  }

  /// Visits each triple (element of x, element of w, element of y) that meets in the convolution.
  private static void walk(
      Window window, int groups, Numbers x, Numbers w, Numbers y, Direction direction) {
    int outPerGroup = w.dim(0) / groups;
    for (int n = 0; n < y.dim(0); n++) {
      for (int o = 0; o < y.dim(1); o++) {
        int firstChannel = o / outPerGroup * w.dim(1);
        for (int p = 0; p < y.dim(2); p++) {
          for (int q = 0; q < y.dim(3); q++) {
            long atY = y.index(n, o, p, q);
            for (int c = 0; c < w.dim(1); c++) {
              for (int i = 0; i < w.dim(2); i++) {
                int h = p * window.strideH() + i * window.dilationH() - window.padTop();
                if (h < 0 || h >= x.dim(2)) {
                  continue;
                }
                for (int j = 0; j < w.dim(3); j++) {
                  int v = q * window.strideW() + j * window.dilationW() - window.padLeft();
                  if (v < 0 || v >= x.dim(3)) {
                    continue;
                  }
                  long atX = x.index(n, firstChannel + c, h, v);
                  long atW = w.index(o, c, i, j);
                  switch (direction) {
                    case FORWARD -> y.add(atY, w.get(atW) * x.get(atX));
                    case TO_INPUT -> x.add(atX, w.get(atW) * y.get(atY));
                    case TO_WEIGHT -> w.add(atW, x.get(atX) * y.get(atY));
                  }
                }
              }
            }
          }
        }
      }
    }
  }

  /// y = act(y + bias + addend), as far as there are any.
  private static void finish(List<Numbers> in, Numbers y, Activation activation) {
    for (int n = 0; n < y.dim(0); n++) {
      for (int o = 0; o < y.dim(1); o++) {
        for (int p = 0; p < y.dim(2); p++) {
          for (int q = 0; q < y.dim(3); q++) {
            long at = y.index(n, o, p, q);
            double bias = in.size() > 2 ? in.get(2).get(o) : 0;
            double addend = in.size() > 3 ? in.get(3).get(at) : 0;
            y.set(at, Functions.activate(activation, y.get(at) + bias + addend));
          }
        }
      }
    }
  }
}
