package unfold.train;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.Locale;

/// Numbers for people, the same in every locale.
final class Text {
  private Text() {}

  static String format(String format, Object... values) {
    return String.format(Locale.ROOT, format, values);
  }

  /// The value to so many significant digits, without idle zeros: `0.1`, `1234`, `1E-9`
  static String number(double value, int digits) {
    if (!Double.isFinite(value)) {
      return Double.toString(value);
    }
    BigDecimal rounded = new BigDecimal(value).round(new MathContext(digits)).stripTrailingZeros();
    double size = Math.abs(value);
    boolean plain = size == 0 || size >= 1e-4 && size < 1e9;
    return plain ? rounded.toPlainString() : rounded.toString();
  }

  /// `12.34 %`, or `–` for what was not measured
  static String percent(double fraction) {
    return Double.isFinite(fraction) ? format("%.2f %%", 100 * fraction) : "–";
  }

  /// `1:05`, `2:00:07`
  static String duration(double seconds) {
    long s = Math.round(seconds);
    return s >= 3600
        ? format("%d:%02d:%02d", s / 3600, s / 60 % 60, s % 60)
        : format("%d:%02d", s / 60, s % 60);
  }
}
