package unfold.inspect;

import unfold.error.InputException;

/// Characters in a grid of cells.
final class TextGrid {
  private TextGrid() {}

  /// A character in the middle of a cell, [Canvas#LINE] high.
  static void cell(Canvas canvas, String character, int x, int y, int width, int colour) {
    canvas.box(x, y, width, Canvas.LINE, colour);
    String shown = TextLines.visible(character);
    boolean faint = !shown.equals(character);
    if (!shown.isBlank()) {
      canvas.fixed(shown, x, y, width, faint ? Colours.FAINT : Colours.INK);
    }
  }

  static void require(int characters, int most) {
    if (characters < 1 || characters > most) {
      throw new InputException(
          "a sheet shows 1 … "
              + most
              + " characters, not "
              + characters
              + "; take fewer characters or units, or a page (.html)");
    }
  }
}
