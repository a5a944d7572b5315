package unfold.inspect;

import java.util.List;
import java.util.Locale;
import unfold.metric.Confusion;

/// Which class is taken for which, as a table of shades: a row for each class, a column for each
/// answer, shaded by the part of the row; at the right the part that was recognised.
public final class ConfusionSheet {
  private static final int NUMBERED = 40;
  private static final int LONGEST_NAME = 160;
  private static final int RECALL = 70;

  private ConfusionSheet() {}

  public static Sheet of(String title, List<String> classes, Confusion confusion) {
    int n = classes.size();
    int cell = n <= 12 ? 52 : n <= 24 ? 36 : n <= NUMBERED ? 30 : Math.max(1, 1000 / n);
    boolean named = cell >= Canvas.LINE;
    List<String> names =
        classes.stream().map(c -> named ? Canvas.fitted(c, LONGEST_NAME, false) : "").toList();
    int label = names.stream().mapToInt(Canvas::width).max().orElse(0) + 10;
    int left = Canvas.MARGIN + Canvas.LINE + label;
    int top = Canvas.MARGIN + 3 * Canvas.LINE + label;
    int side = n * cell;
    String words =
        String.format(
            Locale.ROOT,
            "%,d pictures, %.2f %% right; rows: what it is, columns: what it is taken for",
            confusion.items(),
            100 * confusion.accuracy());
    int wide = Math.max(left + side + RECALL, Canvas.MARGIN + Canvas.width(words));
    var canvas = new Canvas(wide + Canvas.MARGIN, top + side + Canvas.MARGIN);
    canvas.title(title, Canvas.MARGIN, Canvas.MARGIN);
    canvas.words(words, Canvas.MARGIN, Canvas.MARGIN + Canvas.LINE + 2, Colours.FAINT);
    for (int k = 0; k < n; k++) {
      int middle = cell / 2;
      canvas.wordsUpTo(names.get(k), left - 8, top + k * cell + middle - 9, Colours.INK);
      canvas.wordsUpwards(names.get(k), left + k * cell + middle, top - 8, Colours.INK);
      row(canvas, confusion, k, left, top + k * cell, cell);
      if (named) {
        String recall = String.format(Locale.ROOT, "%.1f %%", 100 * confusion.recall(k));
        canvas.wordsUpTo(
            confusion.recall(k) >= 0 ? recall : "–",
            left + side + RECALL - 4,
            top + k * cell + middle - 9,
            Colours.FAINT);
      }
    }
    return canvas.sheet();
  }

  private static void row(Canvas canvas, Confusion confusion, int label, int x, int y, int cell) {
    int n = confusion.classes();
    long of = 0;
    for (int answer = 0; answer < n; answer++) {
      of += confusion.count(label, answer);
    }
    int gap = cell > 8 ? 1 : 0;
    for (int answer = 0; answer < n; answer++) {
      long count = confusion.count(label, answer);
      double share = of == 0 ? 0 : (double) count / of;
      // The root lets few mistakes show beside many right answers.
      canvas.box(x + answer * cell, y, cell - gap, cell - gap, Colours.shade(Math.sqrt(share)));
      if (n <= NUMBERED && count > 0) {
        int ink = share > 0.3 ? Colours.PAPER : answer == label ? Colours.INK : Colours.WRONG;
        canvas.wordsAround(
            Long.toString(count), x + answer * cell + cell / 2, y + cell / 2 - 9, ink);
      }
    }
  }
}
