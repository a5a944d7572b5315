package unfold.inspect;

import java.util.List;
import unfold.data.image.Picture;

/// Pictures side by side, each with lines of words below.
public final class PictureSheet {
  private static final int SIDE = 168;
  private static final int COLUMNS = 5;

  private PictureSheet() {}

  /// @param right words in green, for what is so
  /// @param wrong words in red, for what was said instead
  /// @param more words in grey
  public record Entry(Picture picture, String right, String wrong, String more) {}

  public static Sheet of(String title, List<Entry> entries) {
    int columns = Math.clamp(entries.size(), 3, COLUMNS);
    int stepX = SIDE + Canvas.MARGIN;
    int stepY = SIDE + 3 * Canvas.LINE + Canvas.MARGIN;
    int rows = Math.ceilDiv(entries.size(), columns);
    List<String> titles = Canvas.titleLines(title, columns * stepX - Canvas.MARGIN);
    int top = Canvas.MARGIN + titles.size() * Canvas.LINE + 14;
    var canvas = new Canvas(Canvas.MARGIN + columns * stepX, top + rows * stepY);
    for (int i = 0; i < titles.size(); i++) {
      canvas.title(titles.get(i), Canvas.MARGIN, Canvas.MARGIN + i * Canvas.LINE);
    }
    for (int i = 0; i < entries.size(); i++) {
      Entry e = entries.get(i);
      int x = Canvas.MARGIN + i % columns * stepX;
      int y = top + i / columns * stepY;
      canvas.picture(e.picture, x, y, SIDE);
      canvas.words(Canvas.fitted(e.right, SIDE, false), x, y + SIDE + 2, Colours.RIGHT);
      canvas.words(
          Canvas.fitted(e.wrong, SIDE, false), x, y + SIDE + 2 + Canvas.LINE, Colours.WRONG);
      canvas.words(
          Canvas.fitted(e.more, SIDE, true), x, y + SIDE + 2 + 2 * Canvas.LINE, Colours.FAINT);
    }
    return canvas.sheet();
  }
}
