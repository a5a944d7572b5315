package unfold.data.image;

import java.util.Arrays;

/// Bilinear resizing without aliasing: each output pixel is the mean of the input under a triangle
/// whose half width is one output pixel (or one input pixel, when enlarging).
///
/// Columns first, then rows; in between and at the end numbers are rounded to 8 bits. Weights are
/// 22-bit fixed point. The results are those of Pillow's `resize(…, BILINEAR)`, bit for bit, on
/// which published top-1 figures rest.
///
/// @source P. Heckbert: Fundamentals of texture mapping and image warping (1989), section 3.5
public final class Resize {
  private static final int PRECISION_BITS = 22;
  private static final int HALF = 1 << (PRECISION_BITS - 1);

  private Resize() {}

  /// The picture in another size.
  public static Picture to(Picture in, int height, int width) {
    return crop(in, 0, 0, in.height(), in.width(), height, width);
  }

  /// The shape in which the shorter side is `side` and the other keeps the proportion as closely as
  /// whole pixels can.
  public static PictureShape shorterSide(PictureShape in, int side) {
    return in.height() <= in.width()
        ? in.size(side, nearest(side, in.width(), in.height()))
        : in.size(nearest(side, in.height(), in.width()), side);
  }

  private static int nearest(int side, int longer, int shorter) {
    return (int) Math.rint((double) side * longer / shorter);
  }

  /// A part of the picture, `rows`×`columns` from (top, left) on, in another size. Pixels outside
  /// of the part have no influence.
  public static Picture crop(
      Picture in, int top, int left, int rows, int columns, int height, int width) {
    PictureShape shape = in.shape().size(height, width);
    byte[] narrow;
    if (columns == width) {
      narrow = Crop.of(in, top, left, rows, columns).pixels();
    } else {
      narrow = columns(in, top, left, rows, new Weights(columns, width));
    }
    if (rows == height) {
      return new Picture(shape, narrow);
    }
    return new Picture(
        shape, rows(narrow, width * in.channels(), new Weights(rows, height), shape.bytes()));
  }

  /// For each output place the first input place that counts and the weights from there on.
  private static final class Weights {
    final int count;
    final int[] first;
    final int[][] weight;

    Weights(int in, int out) {
      count = out;
      first = new int[out];
      weight = new int[out][];
      double scale = (double) in / out;
      double stretch = Math.max(1, scale);
      for (int o = 0; o < out; o++) {
        double centre = (o + 0.5) * scale;
        int begin = Math.max(0, (int) (centre - stretch + 0.5));
        int end = Math.min(in, (int) (centre + stretch + 0.5));
        double[] exact = new double[end - begin];
        double sum = 0;
        double perStretch = 1 / stretch;
        for (int k = 0; k < exact.length; k++) {
          double distance = Math.abs((k + begin - centre + 0.5) * perStretch);
          exact[k] = distance < 1 ? 1 - distance : 0;
          sum += exact[k];
        }
        first[o] = begin;
        weight[o] = new int[exact.length];
        for (int k = 0; k < exact.length; k++) {
          weight[o][k] = (int) (exact[k] / sum * (1 << PRECISION_BITS) + 0.5);
        }
      }
    }
  }

  private static byte[] columns(Picture in, int top, int left, int rows, Weights weights) {
    int channels = in.channels();
    byte[] from = in.pixels();
    byte[] out = new byte[rows * weights.count * channels];
    int at = 0;
    for (int row = 0; row < rows; row++) {
      int begin = ((top + row) * in.width() + left) * channels;
      for (int column = 0; column < weights.count; column++) {
        int[] weight = weights.weight[column];
        int source = begin + weights.first[column] * channels;
        for (int c = 0; c < channels; c++) {
          int sum = HALF;
          for (int k = 0, s = source + c; k < weight.length; k++, s += channels) {
            sum += (from[s] & 0xFF) * weight[k];
          }
          out[at++] = clip(sum);
        }
      }
    }
    return out;
  }

  private static byte[] rows(byte[] from, int rowBytes, Weights weights, int bytes) {
    byte[] out = new byte[bytes];
    int[] sums = new int[rowBytes];
    for (int row = 0; row < weights.count; row++) {
      int[] weight = weights.weight[row];
      Arrays.fill(sums, HALF);
      for (int k = 0; k < weight.length; k++) {
        int source = (weights.first[row] + k) * rowBytes;
        int w = weight[k];
        for (int i = 0; i < rowBytes; i++) {
          sums[i] += (from[source + i] & 0xFF) * w;
        }
      }
      for (int i = 0; i < rowBytes; i++) {
        out[row * rowBytes + i] = clip(sums[i]);
      }
    }
    return out;
  }

  private static byte clip(int sum) {
    return (byte) Math.clamp(sum >> PRECISION_BITS, 0, 255);
  }
}
