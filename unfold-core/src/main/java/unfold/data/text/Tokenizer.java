package unfold.data.text;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Cuts a line into words and signs, and joins them again.
///
/// The rule, the same for every language:
///
/// - A word is a run of letters, accents and digits. A hyphen between two such runs belongs to it
///   (`t-shirt`), and so does a point or comma between digits (`1,000.5`).
/// - An apostrophe (`'` or `’`) with one or two letters behind it, which end there, is a token of
///   its own: `man's` is `man` `'s`, `they'll` is `they` `'ll`.
/// - Any other character that is visible is a token by itself.
/// - Blanks, control and format characters part tokens and are none.
///
/// Words are put in lower case first if that is asked (by Unicode's rule, whatever the machine's
/// language). Nothing else is normalised.
///
/// @param lowerCase whether `The` and `the` are one word
public record Tokenizer(boolean lowerCase) {
  /// In lower case.
  public static final Tokenizer LOWER_CASE = new Tokenizer(true);

  // Possessive throughout: no backtracking, so that time is linear and the stack flat for any line.
  private static final Pattern TOKEN =
      Pattern.compile(
          "['’]\\p{L}{1,2}+(?![\\p{L}\\p{M}\\p{N}])"
              + "|[\\p{L}\\p{M}\\p{N}]++(?:(?:-|(?<=\\p{N})[.,](?=\\p{N}))[\\p{L}\\p{M}\\p{N}]++)*+"
              + "|[^\\s\\p{Z}\\p{Cc}\\p{Cf}]");

  private static final Set<String> CLOSING =
      Set.of(".", ",", ";", ":", "!", "?", ")", "]", "}", "%", "…", "”", "»", "“");
  private static final Set<String> OPENING = Set.of("(", "[", "{", "„", "«", "$", "€", "£", "#");

  /// The tokens of a line; none for an empty one.
  public List<String> tokens(String line) {
    var tokens = new ArrayList<String>();
    Matcher m = TOKEN.matcher(lowerCase ? line.toLowerCase(Locale.ROOT) : line);
    while (m.find()) {
      tokens.add(m.group());
    }
    return List.copyOf(tokens);
  }

  /// Tokens as people write them: a blank between two, but none before `.` or `'s` and none behind
  /// `(`; of straight quotation marks every second one closes. Where blanks were is not in the
  /// tokens, so this is a good guess.
  public static String join(List<String> tokens) {
    var line = new StringBuilder();
    boolean glued = true;
    boolean quoted = false;
    for (String token : tokens) {
      boolean mark = token.equals("\"");
      boolean clitic = token.length() > 1 && (token.charAt(0) == '\'' || token.charAt(0) == '’');
      if (!glued && !clitic && !CLOSING.contains(token) && !(mark && quoted)) {
        line.append(' ');
      }
      line.append(token);
      glued = OPENING.contains(token) || mark && !quoted;
      quoted ^= mark;
    }
    return line.toString();
  }
}
