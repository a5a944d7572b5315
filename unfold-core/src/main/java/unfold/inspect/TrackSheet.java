package unfold.inspect;

import java.util.List;

/// What units hold, as colours behind the text that they read: orange for +1, blue for −1.
public final class TrackSheet {
  /// Most characters of a sheet.
  public static final int MOST = 5000;

  private static final int WIDTH = 9;

  private TrackSheet() {}

  /// @param words in grey below the title
  /// @throws unfold.error.InputException if the tracks are longer than a sheet can be
  public static Sheet of(String title, String words, List<Track> tracks) {
    TextGrid.require(tracks.stream().mapToInt(t -> t.characters().size()).sum(), MOST);
    int columns = 0;
    int rows = 0;
    for (Track track : tracks) {
      var lines = TextLines.of(track.characters());
      columns = Math.max(columns, lines.columns());
      rows += lines.lines().size();
    }
    int text = Math.max(Canvas.width(words), 420);
    int width = 2 * Canvas.MARGIN + Math.max(columns * WIDTH, text);
    int top = Canvas.MARGIN + 2 * Canvas.LINE + 10;
    int block = Canvas.LINE + 14;
    var canvas = new Canvas(width, top + rows * Canvas.LINE + tracks.size() * block);
    canvas.title(title);
    canvas.words(words, Canvas.MARGIN, Canvas.MARGIN + Canvas.LINE + 2, Colours.FAINT);
    int y = top;
    for (Track track : tracks) {
      canvas.words(track.name(), Canvas.MARGIN, y, Colours.INK);
      y += Canvas.LINE + 4;
      for (TextLines.Line line : TextLines.of(track.characters()).lines()) {
        for (int i = line.from(); i < line.to(); i++) {
          int x = Canvas.MARGIN + (i - line.from()) * WIDTH;
          int colour = Colours.diverging(track.values().get(i));
          TextGrid.cell(canvas, track.characters().get(i), x, y, WIDTH, colour);
        }
        y += Canvas.LINE;
      }
      y += block - Canvas.LINE - 4;
    }
    return canvas.sheet();
  }
}
