package unfold.inspect;

import java.util.List;

/// Colours for numbers, as 0xRRGGBB.
final class Colours {
  static final int PAPER = 0xFFFFFF;
  static final int INK = 0x1C2430;
  static final int FAINT = 0x8A94A3;
  static final int RIGHT = 0x1B7F4B;
  static final int WRONG = 0xB3261E;
  static final int WARM = 0xE08A1E;
  static final int BLUE = 0x2F7AB8;

  /// Dark blue for little, pale yellow for much: brightness rises evenly, so it also works in grey.
  private static final List<Integer> RAMP =
      List.of(0x0B1026, 0x1B3A6B, 0x1F6F8B, 0x2FA084, 0x9CCB5B, 0xFCE98A);

  /// White for nothing, dark blue for all.
  private static final List<Integer> SHADES =
      List.of(0xFFFFFF, 0xC9DDF0, 0x7FB2DA, 0x2F7AB8, 0x0B3A75);

  private Colours() {}

  /// 0 … 1; what lies outside is cut, what is no number is red.
  static int ramp(double share) {
    return along(RAMP, share);
  }

  /// −1 … 1: blue, white, orange, light enough for words on it.
  static int diverging(double signed) {
    if (Double.isNaN(signed)) {
      return WRONG;
    }
    double size = 0.9 * Math.clamp(Math.abs(signed), 0, 1);
    return mix(PAPER, signed < 0 ? BLUE : WARM, size);
  }

  static int shade(double share) {
    return along(SHADES, share);
  }

  /// −1 … 1: black, grey, white.
  static int grey(double signed) {
    int level = level(signed);
    return level << 16 | level << 8 | level;
  }

  /// −1 … 1 for each of red, green, blue.
  static int signed(double red, double green, double blue) {
    return level(red) << 16 | level(green) << 8 | level(blue);
  }

  /// One colour over another.
  static int mix(int under, int over, double part) {
    int mixed = 0;
    for (int shift = 16; shift >= 0; shift -= 8) {
      double value = (1 - part) * (under >> shift & 0xFF) + part * (over >> shift & 0xFF);
      mixed |= (int) Math.round(value) << shift;
    }
    return mixed;
  }

  private static int level(double signed) {
    return (int) Math.round(255 * Math.clamp(0.5 + 0.5 * signed, 0, 1));
  }

  private static int along(List<Integer> stops, double share) {
    if (Double.isNaN(share)) {
      return WRONG;
    }
    double place = Math.clamp(share, 0, 1) * (stops.size() - 1);
    int below = Math.min((int) place, stops.size() - 2);
    return mix(stops.get(below), stops.get(below + 1), place - below);
  }
}
