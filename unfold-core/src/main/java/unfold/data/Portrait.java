package unfold.data;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import unfold.data.image.Picture;

/// What can be measured of a picture with something drawn on even paper, in words: `a thin seven
/// that leans to the right`.
///
/// Paper is the mean brightness of the border, ink w is how much a pixel differs from it, 0 … 1;
/// what differs by less than a fifth is paper too. With the moments μ of the ink about its centre
/// (x to the right, y upwards):
///
/// > thickness = 2·Σw / Σ|∇w|: a long stroke's area over half its outline, in pixels
/// >
/// > lean = μ_xy / μ_yy: pixels to the right for one upwards
/// >
/// > width = √((μ_xx − μ_xy²/μ_yy) / μ_yy): spread across over spread along, were it upright
///
/// The bounds between the words for strokes and width are near the terciles of the built-in digits,
/// thickness as a share of the picture's height; what leans by less than 0.12 is upright. A picture
/// without ink is of middling kind in everything.
public record Portrait(Stroke stroke, Width width, Lean lean) {
  private static final double PAPER = 0.2;
  private static final double THIN = 0.073;
  private static final double THICK = 0.087;
  private static final double NARROW = 0.52;
  private static final double WIDE = 0.65;
  private static final double LEANS = 0.12;

  private static final Pattern BETWEEN_WORDS = Pattern.compile("[\\s_,-]+");
  private static final List<String> DIGITS =
      List.of("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine");

  /// How thick strokes are.
  public enum Stroke {
    THIN,
    MIDDLING,
    THICK
  }

  /// How wide it is for its height.
  public enum Width {
    NARROW,
    MIDDLING,
    WIDE
  }

  /// Where it leans.
  public enum Lean {
    LEFT,
    UPRIGHT,
    RIGHT
  }

  /// What is measured, as numbers.
  ///
  /// @param thickness as a share of the picture's height
  record Measured(double thickness, double lean, double width) {}

  /// All that there can be.
  public static List<Portrait> all() {
    var all = new ArrayList<Portrait>();
    for (Stroke stroke : Stroke.values()) {
      for (Width width : Width.values()) {
        for (Lean lean : Lean.values()) {
          all.add(new Portrait(stroke, width, lean));
        }
      }
    }
    return all;
  }

  public static Portrait of(Picture picture) {
    Measured m = measure(picture);
    return new Portrait(
        m.thickness < THIN ? Stroke.THIN : m.thickness > THICK ? Stroke.THICK : Stroke.MIDDLING,
        m.width < NARROW ? Width.NARROW : m.width > WIDE ? Width.WIDE : Width.MIDDLING,
        m.lean < -LEANS ? Lean.LEFT : m.lean > LEANS ? Lean.RIGHT : Lean.UPRIGHT);
  }

  static Measured measure(Picture picture) {
    Picture grey = picture.channels(1);
    int height = grey.height();
    int width = grey.width();
    double[] ink = ink(grey);
    double sum = 0;
    double sumX = 0;
    double sumY = 0;
    double outline = 0;
    for (int row = 0; row < height; row++) {
      for (int column = 0; column < width; column++) {
        double w = ink[row * width + column];
        sum += w;
        sumX += w * column;
        sumY -= w * row;
        double right = column + 1 < width ? ink[row * width + column + 1] : 0;
        double below = row + 1 < height ? ink[(row + 1) * width + column] : 0;
        outline += Math.hypot(right - w, below - w);
      }
    }
    double xx = 0;
    double xy = 0;
    double yy = 0;
    for (int row = 0; row < height; row++) {
      for (int column = 0; column < width; column++) {
        double w = ink[row * width + column];
        double x = column - sumX / sum;
        double y = -row - sumY / sum;
        xx += w * x * x;
        xy += w * x * y;
        yy += w * y * y;
      }
    }
    if (!(yy > 0)) {
      return new Measured((THIN + THICK) / 2, 0, (NARROW + WIDE) / 2);
    }
    double across = Math.max(0, xx - xy * xy / yy);
    return new Measured(2 * sum / outline / height, xy / yy, Math.sqrt(across / yy));
  }

  private static double[] ink(Picture grey) {
    int height = grey.height();
    int width = grey.width();
    double paper = 0;
    for (int row = 0; row < height; row++) {
      paper += grey.get(row, 0, 0) + grey.get(row, width - 1, 0);
    }
    for (int column = 0; column < width; column++) {
      paper += grey.get(0, column, 0) + grey.get(height - 1, column, 0);
    }
    paper /= 2.0 * (height + width);
    double[] ink = new double[height * width];
    for (int i = 0; i < ink.length; i++) {
      double w = Math.abs((grey.pixels()[i] & 0xFF) - paper) / 255;
      ink[i] = w < PAPER ? 0 : w;
    }
    return ink;
  }

  /// The sentence about a picture of this class. A class that is named by a digit is called by its
  /// word; other names are in lower case, a word for each of their parts.
  public List<String> sentence(String className) {
    var words = new ArrayList<String>();
    switch (stroke) {
      case THIN -> words.add("thin");
      case THICK -> words.add("thick");
      case MIDDLING -> {}
    }
    switch (width) {
      case NARROW -> words.add("narrow");
      case WIDE -> words.add("wide");
      case MIDDLING -> {}
    }
    words.addAll(noun(className));
    words.addFirst(article(words.getFirst()));
    words.addAll(
        switch (lean) {
          case LEFT -> List.of("that", "leans", "to", "the", "left");
          case UPRIGHT -> List.of("that", "stands", "upright");
          case RIGHT -> List.of("that", "leans", "to", "the", "right");
        });
    return List.copyOf(words);
  }

  private static List<String> noun(String className) {
    if (className.length() == 1 && className.charAt(0) >= '0' && className.charAt(0) <= '9') {
      return List.of(DIGITS.get(className.charAt(0) - '0'));
    }
    List<String> parts =
        BETWEEN_WORDS
            .splitAsStream(className.toLowerCase(Locale.ROOT))
            .filter(part -> !part.isEmpty())
            .toList();
    return parts.isEmpty() ? List.of("thing") : parts;
  }

  /// By the first letter, but `a one`.
  private static String article(String next) {
    return "aeiou".indexOf(next.charAt(0)) >= 0 && !next.equals("one") ? "an" : "a";
  }
}
