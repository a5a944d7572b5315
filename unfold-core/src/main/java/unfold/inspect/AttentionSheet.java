package unfold.inspect;

import java.util.List;
import java.util.Locale;

/// Where a network looked while it wrote, as a table of shades: a row for each word that it wrote,
/// a column for each that it read.
public final class AttentionSheet {
  private static final int CELL = 34;
  private static final int LONGEST_NAME = 160;
  private static final double NUMBERED = 0.1;

  private AttentionSheet() {}

  /// @param read words above the columns
  /// @param written words beside the rows
  /// @param weights 0 … 1, a row for each word written
  public static Sheet of(
      String title, List<String> read, List<String> written, List<List<Double>> weights) {
    if (weights.size() != written.size()
        || weights.stream().anyMatch(row -> row.size() != read.size())) {
      throw new IllegalArgumentException(
          "weights must be " + written.size() + " rows of " + read.size());
    }
    List<String> above = read.stream().map(w -> Canvas.fitted(w, LONGEST_NAME, false)).toList();
    List<String> beside = written.stream().map(w -> Canvas.fitted(w, LONGEST_NAME, false)).toList();
    int high = above.stream().mapToInt(Canvas::width).max().orElse(0) + 10;
    int wide = beside.stream().mapToInt(Canvas::width).max().orElse(0) + 10;
    int left = Canvas.MARGIN + wide;
    int top = Canvas.MARGIN + 2 * Canvas.LINE + high;
    int right = Math.max(left + read.size() * CELL, Canvas.MARGIN + Canvas.width(title));
    var canvas = new Canvas(right + Canvas.MARGIN, top + written.size() * CELL + Canvas.MARGIN);
    canvas.title(title, Canvas.MARGIN, Canvas.MARGIN);
    for (int s = 0; s < read.size(); s++) {
      canvas.wordsUpwards(above.get(s), left + s * CELL + CELL / 2, top - 8, Colours.INK);
    }
    for (int t = 0; t < written.size(); t++) {
      int y = top + t * CELL;
      canvas.wordsUpTo(beside.get(t), left - 8, y + CELL / 2 - 9, Colours.INK);
      for (int s = 0; s < read.size(); s++) {
        double weight = weights.get(t).get(s);
        canvas.box(left + s * CELL, y, CELL - 1, CELL - 1, Colours.shade(weight));
        if (weight >= NUMBERED) {
          canvas.wordsAround(
              String.format(Locale.ROOT, "%.0f", 100 * weight),
              left + s * CELL + CELL / 2,
              y + CELL / 2 - 9,
              weight > 0.5 ? Colours.PAPER : Colours.INK);
        }
      }
    }
    return canvas.sheet();
  }
}
