package unfold.error;

import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;

/// Names that somebody may have meant.
public final class Nearest {
  private Nearest() {}

  /// The nearest of these names, joined by commas: those that a few letters change, add or leave
  /// out, and those that begin alike.
  ///
  /// @param count how many at most
  public static String to(String word, Collection<String> names, int count) {
    return names.stream()
        .sorted(
            Comparator.comparingInt((String n) -> distance(word, n) - 3 * shared(word, n))
                .thenComparing(n -> n))
        .limit(count)
        .reduce((a, b) -> a + ", " + b)
        .orElse("(there are none)");
  }

  /// ` (did you mean adam?)` where a name is so near that it must have been meant: a letter in
  /// three changed at most, or the beginning of it written. Nothing otherwise, and nothing where
  /// two are as near.
  public static String meant(String word, Collection<String> names) {
    String given = word.toLowerCase(Locale.ROOT);
    List<String> near = names.stream().distinct().filter(n -> isNear(given, n)).toList();
    int least = near.stream().mapToInt(n -> distance(given, n)).min().orElse(0);
    List<String> nearest = near.stream().filter(n -> distance(given, n) == least).toList();
    return nearest.size() == 1 ? " (did you mean " + nearest.getFirst() + "?)" : "";
  }

  /// What to say where a name is none of those there are: `there is no recipe 'alex' (did you mean
  /// alexnet?); there are onecycle, alexnet`.
  public static InputException none(String what, String word, Collection<String> names) {
    return new InputException(
        "there is no "
            + what
            + " '"
            + word
            + "'"
            + meant(word, names)
            + "; there are "
            + String.join(", ", names));
  }

  /// The one of this name.
  ///
  /// @throws InputException as [#none] says it, if there is none
  public static <T> T find(String what, String word, Collection<T> all, Function<T, String> name) {
    return all.stream()
        .filter(t -> name.apply(t).equals(word))
        .findFirst()
        .orElseThrow(() -> none(what, word, all.stream().map(name).toList()));
  }

  private static boolean isNear(String given, String name) {
    boolean begun = given.length() > 1 && name.startsWith(given);
    return begun || distance(given, name) <= Math.max(1, (given.length() + 1) / 3);
  }

  /// Letters that two words begin with.
  private static int shared(String a, String b) {
    int n = 0;
    while (n < Math.min(a.length(), b.length()) && a.charAt(n) == b.charAt(n)) {
      n++;
    }
    return n;
  }

  /// Insertions, deletions and changes that make one word of the other (Levenshtein).
  private static int distance(String a, String b) {
    int[] row = new int[b.length() + 1];
    for (int j = 0; j <= b.length(); j++) {
      row[j] = j;
    }
    for (int i = 1; i <= a.length(); i++) {
      int diagonal = row[0];
      row[0] = i;
      for (int j = 1; j <= b.length(); j++) {
        int change = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
        diagonal = row[j];
        row[j] = Math.min(change, 1 + Math.min(row[j], row[j - 1]));
      }
    }
    return row[b.length()];
  }
}
