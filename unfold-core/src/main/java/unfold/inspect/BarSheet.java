package unfold.inspect;

import java.util.List;
import java.util.Locale;

/// Shares as bars, one below the other.
public final class BarSheet {
  private static final int ROW = 24;
  private static final int BAR = 420;
  private static final int NUMBER = 70;
  private static final int COLOUR = Colours.BLUE;
  private static final int BEST = Colours.RIGHT;
  private static final int LINE = Colours.WARM;

  private BarSheet() {}

  /// @param words in grey behind the name
  /// @param value 0 … 1, the bar
  /// @param second 0 … 1, a line across
  public record Bar(String name, String words, double value, double second) {}

  /// @param below a line under the bars
  /// @param chance a share that needs no knowledge, as a faint line through all bars
  public static Sheet of(String title, String words, String below, List<Bar> bars, double chance) {
    int names = bars.stream().mapToInt(b -> Canvas.width(b.name)).max().orElse(0) + 14;
    int more = bars.stream().mapToInt(b -> Canvas.width(b.words)).max().orElse(0) + 14;
    int left = Canvas.MARGIN + names + more;
    int top = Canvas.MARGIN + 2 * Canvas.LINE + 12;
    int text = Math.max(Canvas.width(words), Canvas.width(below)) + Canvas.MARGIN;
    int width = Math.max(left + BAR + NUMBER, Canvas.MARGIN + text);
    int high = bars.size() * ROW;
    var canvas = new Canvas(width + Canvas.MARGIN, top + high + 3 * Canvas.LINE + Canvas.MARGIN);
    canvas.title(Canvas.fitted(title, width - 60, false), Canvas.MARGIN, Canvas.MARGIN);
    canvas.words(words, Canvas.MARGIN, Canvas.MARGIN + Canvas.LINE + 2, Colours.FAINT);
    double best = bars.stream().mapToDouble(Bar::value).max().orElse(0);
    for (int i = 0; i < bars.size(); i++) {
      Bar bar = bars.get(i);
      int y = top + i * ROW;
      canvas.words(bar.name, Canvas.MARGIN, y, Colours.INK);
      canvas.words(bar.words, Canvas.MARGIN + names, y, Colours.FAINT);
      canvas.box(left, y + 2, BAR, ROW - 8, 0xEEF1F5);
      canvas.box(left, y + 2, width(bar.value), ROW - 8, bar.value == best ? BEST : COLOUR);
      canvas.box(left + width(bar.second) - 1, y, 2, ROW - 4, LINE);
      canvas.words(
          String.format(Locale.ROOT, "%.1f %%", 100 * bar.value), left + BAR + 8, y, Colours.INK);
    }
    canvas.box(left + width(chance), top - 2, 1, high, Colours.FAINT);
    canvas.wordsAround("chance", left + width(chance), top + high, Colours.FAINT);
    canvas.words(below, Canvas.MARGIN, top + high + Canvas.LINE + 8, Colours.INK);
    return canvas.sheet();
  }

  private static int width(double share) {
    return (int) Math.round(BAR * Math.clamp(share, 0, 1));
  }
}
