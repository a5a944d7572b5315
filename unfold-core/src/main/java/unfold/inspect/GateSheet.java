package unfold.inspect;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import unfold.error.InputException;
import unfold.tensor.Tensor;

/// Gates over time: for each gate a map of units by characters, and beside it each unit as a point:
/// how often it is all but open (to the right) against how often all but shut (upwards).
public final class GateSheet {
  /// Most characters of a sheet.
  public static final int MOST = 300;

  private static final int WIDTH = 9;
  private static final int GAP = 34;
  private static final int SCATTER = 180;

  private GateSheet() {}

  /// @param gates f32 [T×width] each
  /// @throws InputException if the text is longer than a sheet can be, or the cell has no gates
  public static Sheet of(String title, List<String> characters, Map<Within, Tensor> gates) {
    TextGrid.require(characters.size(), MOST);
    if (gates.isEmpty()) {
      throw new InputException(title + ": its cells have no gates; an lstm or a gru has");
    }
    int units = gates.values().iterator().next().shape().dim(1);
    int tall = Math.ceilDiv(SCATTER, units);
    int high = Math.max(units * tall, SCATTER);
    int map = characters.size() * WIDTH;
    int top = Canvas.MARGIN + 3 * Canvas.LINE;
    int width = 3 * Canvas.MARGIN + map + GAP + SCATTER;
    var canvas = new Canvas(Math.max(width, 620), top + gates.size() * (high + 2 * GAP));
    canvas.title(title);
    canvas.words("rows are units; from shut to open:", 16, Canvas.MARGIN + 20, Colours.FAINT);
    canvas.ramp("0", "1", 280, Canvas.MARGIN + 20, 120);
    int y = top;
    for (Map.Entry<Within, Tensor> gate : gates.entrySet()) {
      var saturation = Saturation.of(gate.getKey(), gate.getValue());
      canvas.words(words(saturation), Canvas.MARGIN, y, Colours.INK);
      y += Canvas.LINE;
      for (int t = 0; t < characters.size(); t++) {
        int x = Canvas.MARGIN + t * WIDTH;
        TextGrid.cell(canvas, characters.get(t), x, y, WIDTH, Colours.PAPER);
        for (int u = 0; u < units; u++) {
          int colour = Colours.ramp(gate.getValue().get((long) t * units + u));
          canvas.box(x, y + Canvas.LINE + u * tall, WIDTH, tall, colour);
        }
      }
      scatter(canvas, saturation, 2 * Canvas.MARGIN + map + GAP / 2, y + Canvas.LINE);
      y += high + 2 * GAP - Canvas.LINE;
    }
    return canvas.sheet();
  }

  private static String words(Saturation s) {
    return String.format(
        Locale.ROOT,
        "%s: all but shut (below %.1f) %.0f %% of the time, all but open (above %.1f) %.0f %%",
        s.gate(),
        Saturation.SHUT,
        100 * s.meanShut(),
        Saturation.OPEN,
        100 * s.meanOpen());
  }

  private static void scatter(Canvas canvas, Saturation s, int x, int y) {
    canvas.box(x, y, SCATTER, SCATTER, 0xEEF1F5);
    for (int u = 0; u < s.open().size(); u++) {
      int right = (int) Math.round(s.open().get(u) * (SCATTER - 4));
      int up = (int) Math.round(s.shut().get(u) * (SCATTER - 4));
      canvas.box(x + right, y + SCATTER - 4 - up, 4, 4, Colours.BLUE);
    }
    canvas.small("open →", x + SCATTER - 40, y + SCATTER + 2, Colours.FAINT);
    canvas.small("shut ↑", x, y + SCATTER + 2, Colours.FAINT);
  }
}
