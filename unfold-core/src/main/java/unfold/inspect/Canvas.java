package unfold.inspect;

import java.awt.Color;
import java.awt.Font;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import unfold.data.image.Picture;
import unfold.data.image.Resize;
import unfold.error.InputException;

/// Paper to draw on: words and small pictures at given places, in pixels from the top left.
final class Canvas {
  /// Height of a line of words.
  static final int LINE = 18;

  static final int MARGIN = 16;

  private final BufferedImage image;
  private final Graphics2D graphics;

  /// @throws InputException if this machine cannot draw
  Canvas(int width, int height) {
    try {
      image = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
      graphics = image.createGraphics();
      graphics.setRenderingHint(
          RenderingHints.KEY_TEXT_ANTIALIASING, RenderingHints.VALUE_TEXT_ANTIALIAS_ON);
      box(0, 0, width, height, Colours.PAPER);
      font(false, 13);
    } catch (LinkageError | InternalError e) {
      // No fonts or no graphics library on this machine.
      throw new InputException("nothing can be drawn on this machine: " + e, e);
    }
  }

  Sheet sheet() {
    graphics.dispose();
    return new Sheet(image);
  }

  private void font(boolean bold, int size) {
    graphics.setFont(new Font(Font.SANS_SERIF, bold ? Font.BOLD : Font.PLAIN, size));
  }

  void box(int x, int y, int width, int height, int colour) {
    graphics.setColor(new Color(colour));
    graphics.fillRect(x, y, width, height);
  }

  /// Words whose line begins at (x, y) and is [#LINE] high.
  void words(String text, int x, int y, int colour) {
    draw(text, x, y, colour, false, 13);
  }

  void title(String text, int x, int y) {
    draw(text, x, y, Colours.INK, true, 15);
  }

  /// A title at the top, between the margins; it ends with an ellipsis where it is wider.
  void title(String text) {
    int room = image.getWidth() - 2 * MARGIN;
    title(fitted(text, false, shown -> width(shown, true, 15) <= room), MARGIN, MARGIN);
  }

  void small(String text, int x, int y, int colour) {
    draw(text, x, y - 3, colour, false, 10);
  }

  /// A character with its middle in the middle of a cell, [#LINE] high.
  void fixed(String character, int x, int y, int width, int colour) {
    graphics.setFont(new Font(Font.MONOSPACED, Font.PLAIN, 13));
    graphics.setColor(new Color(colour));
    int left = (width - graphics.getFontMetrics().stringWidth(character)) / 2;
    graphics.drawString(character, x + left, y + 14);
  }

  private void draw(String text, int x, int y, int colour, boolean bold, int size) {
    font(bold, size);
    graphics.setColor(new Color(colour));
    graphics.drawString(text, x, y + 14);
  }

  /// Words that end at x.
  void wordsUpTo(String text, int x, int y, int colour) {
    font(false, 13);
    words(text, x - graphics.getFontMetrics().stringWidth(text), y, colour);
  }

  /// Words with their middle at x.
  void wordsAround(String text, int x, int y, int colour) {
    font(false, 13);
    words(text, x - graphics.getFontMetrics().stringWidth(text) / 2, y, colour);
  }

  /// Words turned upright, from (x, y) upwards.
  void wordsUpwards(String text, int x, int y, int colour) {
    font(false, 13);
    graphics.setColor(new Color(colour));
    graphics.rotate(-Math.PI / 2, x, y);
    graphics.drawString(text, x, y + 5);
    graphics.rotate(Math.PI / 2, x, y);
  }

  /// Width of words.
  static int width(String text) {
    return width(text, false, 13);
  }

  private static int width(String text, boolean bold, int size) {
    var probe = new Canvas(1, 1);
    probe.font(bold, size);
    int width = probe.graphics.getFontMetrics().stringWidth(text);
    probe.graphics.dispose();
    return width;
  }

  /// A title in as many lines as it needs, broken between words.
  static List<String> titleLines(String text, int width) {
    var lines = new ArrayList<String>();
    String line = "";
    for (String word : text.split(" ")) {
      String longer = line.isEmpty() ? word : line + " " + word;
      if (!line.isBlank() && width(longer, true, 15) > width) {
        lines.add(line.strip());
        longer = word;
      }
      line = longer;
    }
    lines.add(line.strip());
    return lines;
  }

  /// The words, with an ellipsis for their end (or their beginning) if they are too wide.
  static String fitted(String text, int width, boolean keepEnd) {
    return fitted(text, keepEnd, shown -> width(shown) <= width);
  }

  private static String fitted(String text, boolean keepEnd, Predicate<String> fits) {
    String shown = text;
    for (int cut = 1; !fits.test(shown) && cut < text.length(); cut++) {
      shown = keepEnd ? "…" + text.substring(cut) : text.substring(0, text.length() - cut) + "…";
    }
    return shown;
  }

  /// Where the colours of a picture come from.
  @FunctionalInterface
  interface Pixels {
    /// 0xRRGGBB
    int at(int row, int column);
  }

  /// Pixels, each as a square of `scale`.
  void pixels(int x, int y, int rows, int columns, int scale, Pixels source) {
    for (int r = 0; r < rows; r++) {
      for (int c = 0; c < columns; c++) {
        box(x + c * scale, y + r * scale, scale, scale, source.at(r, c));
      }
    }
  }

  /// A picture within a square, in its proportions; small ones in whole steps.
  void picture(Picture picture, int x, int y, int side) {
    int longer = Math.max(picture.width(), picture.height());
    int step = side / longer;
    int height =
        step >= 2 ? step * picture.height() : Math.max(1, side * picture.height() / longer);
    int width = step >= 2 ? step * picture.width() : Math.max(1, side * picture.width() / longer);
    Picture shown = step >= 2 ? picture : Resize.to(picture, height, width);
    pixels(
        x + (side - width) / 2,
        y + (side - height) / 2,
        shown.height(),
        shown.width(),
        step >= 2 ? step : 1,
        (r, c) -> colour(shown, r, c));
  }

  static int colour(Picture picture, int row, int column) {
    int red = picture.get(row, column, 0);
    return picture.channels() == 1
        ? red << 16 | red << 8 | red
        : red << 16 | picture.get(row, column, 1) << 8 | picture.get(row, column, 2);
  }

  /// A bar of the colour ramp with the numbers at its ends.
  void ramp(String low, String high, int x, int y, int width) {
    for (int i = 0; i < width; i++) {
      box(x + i, y + 4, 1, 10, Colours.ramp(i / (width - 1.0)));
    }
    wordsUpTo(low, x - 6, y, Colours.FAINT);
    words(high, x + width + 6, y, Colours.FAINT);
  }
}
