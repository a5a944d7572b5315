package unfold.backend.onednn;

import java.lang.foreign.MemorySegment;
import unfold.op.Window;
import unfold.tensor.Shape;

/// Writes out what each position of a convolution's result sees of its picture: a row of kH·kW·C
/// numbers for each, channels innermost, zeros where the window reaches beyond the picture
/// ("im2col"). Rows of the result of all pictures follow each other; they are the units in which
/// work is counted here.
///
/// @param x N×C×H×W, channels-last in memory
/// @param elementBytes of a number
record Patches(
    Shape x, Window window, int kernelH, int kernelW, int outH, int outW, int elementBytes) {

  /// Numbers that one position sees.
  int width() {
    return kernelH * kernelW * x.dim(1);
  }

  /// Rows of the result of all pictures.
  int units() {
    return x.dim(0) * outH;
  }

  /// Bytes that a unit becomes.
  long unitBytes() {
    return (long) outW * width() * elementBytes;
  }

  /// The zeros that [#write] reads: what one position sees of a row of the picture.
  long zeroBytes() {
    return (long) kernelW * x.dim(1) * elementBytes;
  }

  /// Writes units from … to − 1 to the memory that begins with unit `first`.
  void write(
      MemorySegment picture, MemorySegment zeros, MemorySegment to, int first, int from, int end) {
    long line = zeroBytes();
    for (int unit = from; unit < end; unit++) {
      long item = (long) (unit / outH) * x.dim(2);
      int top = unit % outH * window.strideH() - window.padTop();
      long at = (unit - first) * unitBytes();
      for (int q = 0; q < outW; q++) {
        int left = q * window.strideW() - window.padLeft();
        for (int r = 0; r < kernelH; r++, at += line) {
          int h = top + r * window.dilationH();
          if (h < 0 || h >= x.dim(2)) {
            MemorySegment.copy(zeros, 0, to, at, line);
          } else if (window.dilationW() == 1) {
            side(picture, (item + h) * x.dim(3), left, zeros, to, at);
          } else {
            apart(picture, (item + h) * x.dim(3), left, zeros, to, at);
          }
        }
      }
    }
  }

  /// Neighbours, which lie side by side in the picture, too.
  private void side(
      MemorySegment picture, long row, int left, MemorySegment zeros, MemorySegment to, long at) {
    long pixel = (long) x.dim(1) * elementBytes;
    int before = Math.clamp(-left, 0, kernelW);
    int end = Math.clamp(x.dim(3) - left, before, kernelW);
    if (before > 0) {
      MemorySegment.copy(zeros, 0, to, at, before * pixel);
    }
    if (before < end) {
      MemorySegment.copy(
          picture, (row + left + before) * pixel, to, at + before * pixel, (end - before) * pixel);
    }
    if (end < kernelW) {
      MemorySegment.copy(zeros, 0, to, at + end * pixel, (kernelW - end) * pixel);
    }
  }

  private void apart(
      MemorySegment picture, long row, int left, MemorySegment zeros, MemorySegment to, long at) {
    long pixel = (long) x.dim(1) * elementBytes;
    for (int s = 0; s < kernelW; s++) {
      int w = left + s * window.dilationW();
      boolean inside = w >= 0 && w < x.dim(3);
      MemorySegment.copy(
          inside ? picture : zeros, inside ? (row + w) * pixel : 0, to, at + s * pixel, pixel);
    }
  }
}
