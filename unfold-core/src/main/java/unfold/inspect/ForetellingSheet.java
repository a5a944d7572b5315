package unfold.inspect;

import java.util.ArrayList;
import java.util.List;

/// What a language model expected, below the text itself: under each character the likeliest ones
/// for its place, the darker the likelier. A character is green where it was the likeliest.
public final class ForetellingSheet {
  /// Most characters of a sheet.
  public static final int MOST = 2000;

  private static final int WIDTH = 12;
  private static final int GAP = 10;

  private ForetellingSheet() {}

  /// @throws unfold.error.InputException if the text is longer than a sheet can be
  public static Sheet of(String title, String words, Foretelling foretelling) {
    List<Foretelling.Place> places = foretelling.places();
    TextGrid.require(places.size(), MOST);
    int deep = foretelling.after().size();
    var characters = new ArrayList<String>();
    places.forEach(p -> characters.add(p.character()));
    TextLines lines = TextLines.of(characters);
    int top = Canvas.MARGIN + 2 * Canvas.LINE + 10;
    int high = (1 + deep) * Canvas.LINE + GAP;
    // One column more: what is expected behind the last character.
    int text = Math.max(Canvas.width(words), 420);
    int width = 2 * Canvas.MARGIN + Math.max((lines.columns() + 1) * WIDTH, text);
    var canvas = new Canvas(width, top + lines.lines().size() * high + Canvas.MARGIN);
    canvas.title(title);
    canvas.words(words, Canvas.MARGIN, Canvas.MARGIN + Canvas.LINE + 2, Colours.FAINT);
    int y = top;
    for (TextLines.Line line : lines.lines()) {
      int x = Canvas.MARGIN;
      for (int i = line.from(); i < line.to(); i++, x += WIDTH) {
        Foretelling.Place place = places.get(i);
        TextGrid.cell(canvas, place.character(), x, y, WIDTH, colour(place));
        column(canvas, place.expected(), x, y);
      }
      if (line.to() == places.size()) {
        column(canvas, foretelling.after(), x, y);
      }
      y += high;
    }
    return canvas.sheet();
  }

  private static void column(Canvas canvas, List<Foretelling.Candidate> candidates, int x, int y) {
    for (int k = 0; k < candidates.size(); k++) {
      Foretelling.Candidate c = candidates.get(k);
      int below = y + (1 + k) * Canvas.LINE;
      TextGrid.cell(canvas, c.character(), x, below, WIDTH, shade(c.probability()));
    }
  }

  /// Behind a character that stands in the text.
  static int colour(Foretelling.Place place) {
    return !place.expected().isEmpty()
            && place.expected().getFirst().character().equals(place.character())
        ? Colours.mix(Colours.PAPER, Colours.RIGHT, 0.35)
        : Colours.PAPER;
  }

  /// Behind a character that was expected.
  static int shade(double probability) {
    return Colours.mix(Colours.PAPER, Colours.WARM, 0.1 + 0.8 * probability);
  }
}
