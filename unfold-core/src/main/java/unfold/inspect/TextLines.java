package unfold.inspect;

import java.util.ArrayList;
import java.util.List;

/// A text as it is set: a new line after each line break, and where a line is full.
///
/// @param lines places of characters
record TextLines(List<Line> lines) {
  /// Characters of a full line.
  static final int COLUMNS = 100;

  /// @param from the first place
  /// @param to behind the last
  record Line(int from, int to) {}

  TextLines {
    lines = List.copyOf(lines);
  }

  static TextLines of(List<String> characters) {
    var lines = new ArrayList<Line>();
    int from = 0;
    for (int i = 0; i < characters.size(); i++) {
      if (characters.get(i).equals("\n") || i + 1 - from == COLUMNS) {
        lines.add(new Line(from, i + 1));
        from = i + 1;
      }
    }
    if (from < characters.size()) {
      lines.add(new Line(from, characters.size()));
    }
    return new TextLines(lines);
  }

  int columns() {
    return lines.stream().mapToInt(l -> l.to - l.from).max().orElse(0);
  }

  /// What stands for a character that has no shape of its own.
  static String visible(String character) {
    int c = character.codePointAt(0);
    return c == '\n' ? "↵" : c == '\t' ? "→" : Character.isISOControl(c) ? "·" : character;
  }
}
