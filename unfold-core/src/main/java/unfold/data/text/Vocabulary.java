package unfold.data.text;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.Collectors;
import unfold.error.InputException;

/// Characters and the numbers that stand for them in a network: entry 0, 1, 2, ….
///
/// A vocabulary made of a text has that text's characters in the order of their code points. One
/// that was read from a file has the file's order, since the weights that go with it have it too;
/// entries of several characters (or none) keep their number, but no character of a text is one.
///
/// **Unknown characters.** There is no entry for them. [#encode] leaves them out, which is how a
/// network is measured on a foreign text; [#encodeAll] refuses them, which is right where every
/// character was meant.
public final class Vocabulary {
  private static final int SHOWN = 8;

  private final List<String> entries;
  private final Map<Integer, Integer> numbers = new HashMap<>();

  /// @throws InputException if there are no entries, or one twice
  public Vocabulary(List<String> entries) {
    this.entries = List.copyOf(entries);
    if (entries.isEmpty()) {
      throw new InputException("a vocabulary needs at least one character");
    }
    var seen = new HashSet<String>();
    for (int i = 0; i < entries.size(); i++) {
      String entry = entries.get(i);
      if (!seen.add(entry)) {
        throw new InputException("a vocabulary has " + shown(entry) + " twice");
      }
      if (entry.codePointCount(0, entry.length()) == 1) {
        numbers.put(entry.codePointAt(0), i);
      }
    }
  }

  /// The characters of a text, in the order of their code points.
  public static Vocabulary of(String text) {
    var all = new TreeSet<Integer>();
    text.codePoints().forEach(all::add);
    return new Vocabulary(all.stream().map(Character::toString).toList());
  }

  public int size() {
    return entries.size();
  }

  public List<String> entries() {
    return entries;
  }

  /// What a number stands for.
  public String text(int number) {
    return entries.get(number);
  }

  /// The number of a character, −1 if it has none.
  public int number(int codePoint) {
    return numbers.getOrDefault(codePoint, -1);
  }

  /// The numbers of a text's characters; those without one are left out.
  public int[] encode(String text) {
    return text.codePoints().map(this::number).filter(n -> n >= 0).toArray();
  }

  /// The numbers of all of a text's characters.
  ///
  /// @param what the text is, for the message: `--prime`
  /// @throws InputException naming the characters that have none
  public int[] encodeAll(String text, String what) {
    List<String> unknown = unknown(text);
    if (!unknown.isEmpty()) {
      throw new InputException(
          what
              + ": the network does not know "
              + unknown.stream()
                  .limit(SHOWN)
                  .map(Vocabulary::shown)
                  .collect(Collectors.joining(" "))
              + (unknown.size() > SHOWN ? " and " + (unknown.size() - SHOWN) + " more" : "")
              + ": it learned from a text without; use its "
              + size()
              + " characters only");
    }
    return encode(text);
  }

  /// The text that numbers stand for.
  public String decode(int... tokens) {
    var text = new StringBuilder();
    for (int t : tokens) {
      text.append(text(t));
    }
    return text.toString();
  }

  /// Characters of a text that have no number, each once, in the order of their first places.
  public List<String> unknown(String text) {
    return text.codePoints()
        .filter(c -> number(c) < 0)
        .distinct()
        .mapToObj(Character::toString)
        .toList();
  }

  /// A character so that a reader can tell it: `'a'`, `'\n'`, `U+0007`.
  public static String shown(String character) {
    return switch (character) {
      case "\n" -> "'\\n'";
      case "\t" -> "'\\t'";
      case "\r" -> "'\\r'";
      default -> {
        boolean visible =
            character
                .codePoints()
                .allMatch(c -> !Character.isISOControl(c) && Character.isDefined(c));
        if (visible) {
          yield "'" + character + "'";
        }
        var codes = new ArrayList<String>();
        character.codePoints().forEach(c -> codes.add("U+%04X".formatted(c)));
        yield String.join(" ", codes);
      }
    };
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Vocabulary v && v.entries.equals(entries);
  }

  @Override
  public int hashCode() {
    return entries.hashCode();
  }

  @Override
  public String toString() {
    return entries.size()
        + " characters: "
        + entries.stream().map(Vocabulary::shown).collect(Collectors.joining(" "));
  }
}
