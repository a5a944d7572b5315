package unfold.data.image;

/// Colour conversion of decoded JPEG samples, in 16-bit fixed point.
///
/// @source ITU-T T.871 (JFIF), section 7; CMYK as Adobe stores it, inverted
final class JpegColour {
  private static final int HALF = 1 << 15;

  private JpegColour() {}

  /// `R = Y + 1.402 Cr`, `G = Y − 0.344136 Cb − 0.714136 Cr`, `B = Y + 1.772 Cb`, with Cb and Cr
  /// around 128.
  static byte[] yccToRgb(byte[] ycc) {
    for (int i = 0; i < ycc.length; i += 3) {
      convert(ycc, i, 0);
    }
    return ycc;
  }

  /// The first three as above, then inverted; the fourth stays.
  static byte[] ycckToCmyk(byte[] ycck) {
    for (int i = 0; i < ycck.length; i += 4) {
      convert(ycck, i, 0xFF);
    }
    return ycck;
  }

  /// Samples are inverted (255 is no ink): `R = C · K / 255` of these, rounded, and so on.
  static byte[] cmykToRgb(byte[] cmyk) {
    byte[] out = new byte[cmyk.length / 4 * 3];
    for (int i = 0, o = 0; i < cmyk.length; i += 4, o += 3) {
      int white = cmyk[i + 3] & 0xFF;
      for (int c = 0; c < 3; c++) {
        int ink = 255 - (cmyk[i + c] & 0xFF);
        int product = ink * white + 128;
        out[o + c] = (byte) Math.max(0, white - ((product >> 8) + product >> 8));
      }
    }
    return out;
  }

  private static void convert(byte[] samples, int at, int invert) {
    int y = samples[at] & 0xFF;
    int cb = (samples[at + 1] & 0xFF) - 128;
    int cr = (samples[at + 2] & 0xFF) - 128;
    samples[at] = (byte) (clip(y + (91881 * cr + HALF >> 16)) ^ invert);
    samples[at + 1] = (byte) (clip(y + (-22554 * cb - 46802 * cr + HALF >> 16)) ^ invert);
    samples[at + 2] = (byte) (clip(y + (116130 * cb + HALF >> 16)) ^ invert);
  }

  private static int clip(int value) {
    return Math.clamp(value, 0, 255);
  }
}
