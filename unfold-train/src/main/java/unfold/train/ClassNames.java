package unfold.train;

import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalInt;
import java.util.stream.IntStream;
import unfold.error.FormatException;
import unfold.error.InputException;

/// What a network tells apart, by number.
///
/// In a file, one class a line: a name, or a WordNet number with names behind it, perhaps in
/// quotes, as in `n01440764 tench, Tinca tinca`.
///
/// @param names one for each class, as the file has it, without quotes
/// @param given whether anybody named them; else they are numbers
public record ClassNames(List<String> names, boolean given) {
  private static final long FILE_BYTES = 1 << 20;
  private static final int TWO = -2;

  public ClassNames {
    names = List.copyOf(names);
  }

  public static ClassNames of(List<String> names) {
    return new ClassNames(names, true);
  }

  /// 0, 1, 2 and so on.
  public static ClassNames numbers(int count) {
    return new ClassNames(IntStream.range(0, count).mapToObj(Integer::toString).toList(), false);
  }

  /// @throws FormatException if it is no list of names
  public static ClassNames read(Path file) {
    try {
      if (Files.size(file) > FILE_BYTES) {
        throw FormatException.at(file.toString(), FILE_BYTES, "too long for a list of classes");
      }
      List<String> lines =
          Files.readAllLines(file).stream()
              .map(ClassNames::unquoted)
              .filter(line -> !line.isEmpty())
              .toList();
      if (lines.size() < 2) {
        throw FormatException.at(
            file.toString(), 0, lines.size() + " names of classes: two are the least");
      }
      return of(lines);
    } catch (CharacterCodingException e) {
      throw new FormatException(file + ": names of classes must be UTF-8 text", e);
    } catch (IOException e) {
      throw InputException.unreadable(file, e);
    }
  }

  private static String unquoted(String line) {
    String text = line.strip();
    boolean quoted =
        text.length() >= 2
            && (text.charAt(0) == '\'' || text.charAt(0) == '"')
            && text.charAt(text.length() - 1) == text.charAt(0);
    return quoted ? text.substring(1, text.length() - 1).strip() : text;
  }

  public int size() {
    return names.size();
  }

  public String get(int index) {
    return names.get(index);
  }

  /// These, if there are as many as a network has classes.
  ///
  /// @param source of the names, for the message
  ClassNames require(int classes, String source, String network) {
    if (size() != classes) {
      throw new InputException(
          source
              + ": names "
              + size()
              + " classes, but "
              + network
              + " tells "
              + classes
              + " apart");
    }
    return this;
  }

  /// For each of these other names the number of the class it means: the same line, its WordNet
  /// number, or one of its names.
  ///
  /// @param source of the other names, for the message
  /// @throws InputException naming the first that means none of these classes, or several
  int[] numbersOf(List<String> others, String source) {
    Map<String, Integer> index = index();
    int[] numbers = new int[others.size()];
    for (int k = 0; k < numbers.length; k++) {
      OptionalInt found = find(others.get(k), index);
      if (found.isEmpty()) {
        throw new InputException(
            source
                + ": '"
                + others.get(k)
                + "' is the name of "
                + (index.containsKey(key(others.get(k))) ? "several classes" : "no class")
                + " that the network tells apart, such as '"
                + names.getFirst()
                + "'");
      }
      numbers[k] = found.getAsInt();
    }
    return numbers;
  }

  /// The number of the one class that a name means, as for [#numbersOf].
  OptionalInt numberOf(String name) {
    return find(name, index());
  }

  private OptionalInt find(String name, Map<String, Integer> index) {
    int exact = names.indexOf(name);
    if (exact >= 0) {
      return OptionalInt.of(exact);
    }
    int number = index.getOrDefault(key(name), -1);
    return number >= 0 ? OptionalInt.of(number) : OptionalInt.empty();
  }

  /// All that a class may be called, with its number, or [#TWO] if two are called so.
  private Map<String, Integer> index() {
    var index = new HashMap<String, Integer>();
    for (int k = 0; k < names.size(); k++) {
      String name = names.get(k);
      add(index, name, k);
      if (name.matches("n\\d{8}\\s.*")) {
        add(index, name.substring(0, 9), k);
        name = name.substring(10).strip();
        add(index, name, k);
      }
      for (String synonym : name.split(",")) {
        add(index, synonym, k);
      }
    }
    return index;
  }

  private static void add(Map<String, Integer> index, String name, int number) {
    index.merge(key(name), number, (a, b) -> a.equals(b) ? a : TWO);
  }

  private static String key(String name) {
    return name.strip().replace('_', ' ').toLowerCase(Locale.ROOT);
  }
}
