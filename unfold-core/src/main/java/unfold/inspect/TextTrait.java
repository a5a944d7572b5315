package unfold.inspect;

import java.util.List;
import java.util.Locale;
import unfold.error.InputException;

/// What a unit may keep track of in a text: a number for each character, as it is after that
/// character was read.
public enum TextTrait {
  /// characters since the line began
  LINE,
  /// 1 between double quotes, also typographic ones
  QUOTES,
  /// how many brackets are open
  BRACKETS,
  /// letters since the word began, 0 outside
  WORD,
  /// 1 after a capital letter
  CAPITALS;

  /// @throws InputException for a word that names none
  public static TextTrait parse(String word) {
    for (TextTrait trait : values()) {
      if (trait.toString().equals(word)) {
        return trait;
      }
    }
    throw new InputException(
        "nothing is known of '" + word + "' in a text; there are " + List.of(values()));
  }

  /// Its numbers along a text.
  ///
  /// @param characters one code point each
  public double[] along(List<String> characters) {
    double[] numbers = new double[characters.size()];
    double now = 0;
    for (int i = 0; i < numbers.length; i++) {
      now = after(characters.get(i).codePointAt(0), now);
      numbers[i] = now;
    }
    return numbers;
  }

  private double after(int c, double now) {
    return switch (this) {
      case LINE -> c == '\n' ? 0 : now + 1;
      case QUOTES -> c == '"' ? 1 - now : c == '“' || c == '„' ? 1 : c == '”' ? 0 : now;
      case BRACKETS ->
          c == '(' || c == '[' || c == '{'
              ? now + 1
              : c == ')' || c == ']' || c == '}' ? Math.max(0, now - 1) : now;
      case WORD -> Character.isLetter(c) ? now + 1 : 0;
      case CAPITALS -> Character.isUpperCase(c) ? 1 : 0;
    };
  }

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
