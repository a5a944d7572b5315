package unfold.model;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import unfold.tensor.Shape;

/// A summary as text, at most [#WIDTH] columns wide unless paths are long: other commands take them
/// as they stand here.
final class SummaryTable {
  private static final int WIDTH = 118;
  private static final List<String> HEAD =
      List.of(
          "layer",
          "what",
          "output",
          "width = (W − F + 2P)/S + 1",
          "parameters",
          "field",
          "MFLOP",
          "KiB");

  private static final int WORDS = 1;

  /// Columns of numbers, which stand to the right.
  private static final int FIRST_NUMBER = 5;

  private SummaryTable() {}

  static String print(ModelSummary summary) {
    var lines = new ArrayList<List<String>>();
    lines.add(HEAD);
    summary.rows().forEach(r -> lines.add(line(r)));
    int[] widths = new int[HEAD.size()];
    for (List<String> line : lines) {
      for (int i = 0; i < widths.length; i++) {
        widths[i] = Math.max(widths[i], line.get(i).length());
      }
    }
    fit(widths);
    var text = new StringBuilder();
    text.append(summary.name()).append(" on ").append(volume(summary.input())).append('\n');
    lines.forEach(l -> append(text, l, widths));
    text.append(
        String.format(
            Locale.ROOT,
            "%,d parameters (%s), %s MFLOP %s (a multiply-add is 2), outputs %s\n",
            summary.parameters(),
            size(summary.parameters() * Float.BYTES),
            number(summary.operations() / 1e6, 3),
            summary.input().rank() == 3 ? "a picture" : "an item",
            size(summary.bytes())));
    return text.toString();
  }

  private static List<String> line(ModelSummary.Row r) {
    return List.of(
        r.path().isEmpty() ? "(net)" : r.path(),
        r.what(),
        volume(r.output()),
        r.width(),
        r.formula(),
        r.field().toString(),
        number(r.operations() / 1e6, 3),
        number(r.bytes() / 1024.0, 2));
  }

  /// So many digits behind the point, fewer for large numbers.
  private static String number(double x, int digits) {
    int large = x < 10 ? 0 : x < 100 ? 1 : x < 1000 ? 2 : 3;
    return String.format(Locale.ROOT, "%." + Math.max(0, digits - large) + "f", x);
  }

  private static String size(long bytes) {
    double kib = bytes / 1024.0;
    return kib < 1024 ? number(kib, 2) + " KiB" : number(kib / 1024, 2) + " MiB";
  }

  /// Narrows the words if the table is too wide.
  private static void fit(int[] widths) {
    int over = 2 * (widths.length - 1) - WIDTH;
    for (int w : widths) {
      over += w;
    }
    widths[WORDS] -= Math.clamp(over, 0, Math.max(0, widths[WORDS] - 12));
  }

  private static void append(StringBuilder text, List<String> line, int[] widths) {
    int start = text.length();
    for (int i = 0; i < widths.length; i++) {
      String cell = line.get(i);
      if (cell.length() > widths[i]) {
        cell = cell.substring(0, widths[i] - 1) + "…";
      }
      String space = " ".repeat(widths[i] - cell.length());
      text.append(i >= FIRST_NUMBER ? space + cell : cell + space).append("  ");
    }
    int end = text.length();
    while (end > start && text.charAt(end - 1) == ' ') {
      end--;
    }
    text.setLength(end);
    text.append('\n');
  }

  private static String volume(Shape s) {
    return s.rank() == 0 ? "1" : s.toString().replace('x', '×');
  }
}
