package unfold.op;

/// How a kernel slides over an image: stride, zero padding on each side, dilation.
///
/// Output extent along an axis: ⌊(in + padBefore + padAfter − dilation·(k−1) − 1) / stride⌋ + 1.
public record Window(
    int strideH,
    int strideW,
    int padTop,
    int padBottom,
    int padLeft,
    int padRight,
    int dilationH,
    int dilationW) {
  /// Stride 1, no padding, no dilation.
  public static final Window UNIT = new Window(1, 1, 0, 0, 0, 0, 1, 1);

  public Window {
    if (strideH < 1 || strideW < 1 || dilationH < 1 || dilationW < 1) {
      throw new IllegalArgumentException("stride and dilation must be at least 1");
    }
    if (padTop < 0 || padBottom < 0 || padLeft < 0 || padRight < 0) {
      throw new IllegalArgumentException("padding must not be negative");
    }
  }

  public static Window of(int stride, int padding) {
    return UNIT.stride(stride, stride).pad(padding, padding, padding, padding);
  }

  public Window stride(int h, int w) {
    return new Window(h, w, padTop, padBottom, padLeft, padRight, dilationH, dilationW);
  }

  public Window pad(int top, int bottom, int left, int right) {
    return new Window(strideH, strideW, top, bottom, left, right, dilationH, dilationW);
  }

  public Window dilation(int h, int w) {
    return new Window(strideH, strideW, padTop, padBottom, padLeft, padRight, h, w);
  }

  /// Output height for input height `h` and kernel height `k`; may be < 1 if the kernel is too
  /// large.
  public int outH(int h, int k) {
    return out(h, k, padTop + padBottom, dilationH, strideH);
  }

  public int outW(int w, int k) {
    return out(w, k, padLeft + padRight, dilationW, strideW);
  }

  /// As in the text form: `stride=1,1 pad=0,0,0,0 dilation=1,1`.
  @Override
  public String toString() {
    return write(Attributes.of()).toString();
  }

  private static int out(int in, int k, int pad, int dilation, int stride) {
    long span = (long) in + pad - dilation * (k - 1L) - 1;
    return span < 0 ? 0 : (int) Math.min(span / stride + 1, Integer.MAX_VALUE);
  }

  Attributes write(Attributes a) {
    return a.with("stride", strideH, strideW)
        .with("pad", padTop, padBottom, padLeft, padRight)
        .with("dilation", dilationH, dilationW);
  }

  static Window read(Attributes a) {
    var s = a.integers("stride");
    var p = a.integers("pad");
    var d = a.integers("dilation");
    return new Window(
        s.get(0), s.get(1), p.get(0), p.get(1), p.get(2), p.get(3), d.get(0), d.get(1));
  }
}
