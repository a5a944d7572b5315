package unfold.data.text;

import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import unfold.error.InputException;

/// Words and the numbers that stand for them in a network.
///
/// The first four entries stand for no word: `<pad>` fills what a shorter sentence leaves of a
/// batch, `<unk>` is every word that is not among the entries, `<bos>` comes before a sentence and
/// `<eos>` ends it. Then come the words, the most frequent first, those that are equally frequent
/// in the order of their UTF-16 codes: the same text gives the same numbers anywhere.
///
/// No word of a text is ever taken for a special entry, even if it reads `<eos>`.
public final class WordVocabulary {
  public static final int PAD = 0;
  public static final int UNKNOWN = 1;
  public static final int BEGIN = 2;
  public static final int END = 3;

  private static final List<String> SPECIAL = List.of("<pad>", "<unk>", "<bos>", "<eos>");

  private final List<String> entries;
  private final Map<String, Integer> numbers = new HashMap<>();

  /// From entries in their order, as a file has them.
  ///
  /// @throws InputException if the special ones are not the first, or one is there twice
  public WordVocabulary(List<String> entries) {
    this.entries = List.copyOf(entries);
    if (entries.size() < SPECIAL.size() || !entries.subList(0, SPECIAL.size()).equals(SPECIAL)) {
      throw new InputException(
          "a vocabulary of words begins with "
              + SPECIAL
              + ", but this one with "
              + entries.subList(0, Math.min(SPECIAL.size(), entries.size())));
    }
    for (int i = SPECIAL.size(); i < entries.size(); i++) {
      String word = entries.get(i);
      if (SPECIAL.contains(word) || numbers.put(word, i) != null) {
        throw new InputException("a vocabulary has the word '" + word + "' twice");
      }
    }
  }

  /// The words of some sentences.
  ///
  /// @param leastCount how often a word must occur to have an entry
  /// @param most entries, the special ones among them; 0 for any number
  public static WordVocabulary of(Stream<List<String>> sentences, int leastCount, int most) {
    if (leastCount < 1) {
      throw new InputException("a word must occur at least once, not " + leastCount + " times");
    }
    if (most != 0 && most <= SPECIAL.size()) {
      throw new InputException(
          "a vocabulary of at most "
              + most
              + " entries has no room for words: "
              + SPECIAL.size()
              + " are special; ask for more, or 0 for any number");
    }
    var counts = new HashMap<String, Integer>();
    sentences.forEach(s -> s.forEach(word -> counts.merge(word, 1, Integer::sum)));
    SPECIAL.forEach(counts::remove);
    Stream<String> words =
        counts.entrySet().stream()
            .filter(e -> e.getValue() >= leastCount)
            .sorted(
                Comparator.comparing(Map.Entry<String, Integer>::getValue)
                    .reversed()
                    .thenComparing(Map.Entry::getKey))
            .map(Map.Entry::getKey)
            .limit(most == 0 ? Integer.MAX_VALUE : most - SPECIAL.size());
    return new WordVocabulary(Stream.concat(SPECIAL.stream(), words).toList());
  }

  /// Entries, the special ones among them.
  public int size() {
    return entries.size();
  }

  public List<String> entries() {
    return entries;
  }

  /// What a number stands for.
  public String word(int number) {
    return entries.get(number);
  }

  /// The number of a word, [#UNKNOWN] if it has none.
  public int number(String word) {
    return numbers.getOrDefault(word, UNKNOWN);
  }

  /// The numbers of a sentence's words, without special ones but [#UNKNOWN].
  public int[] encode(List<String> words) {
    return words.stream().mapToInt(this::number).toArray();
  }

  /// The words that numbers stand for, up to the first [#END]; [#PAD] and [#BEGIN] are left out.
  public List<String> decode(int... numbers) {
    int end =
        IntStream.range(0, numbers.length)
            .filter(i -> numbers[i] == END)
            .findFirst()
            .orElse(numbers.length);
    return Arrays.stream(numbers, 0, end)
        .filter(n -> n != PAD && n != BEGIN)
        .mapToObj(this::word)
        .toList();
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof WordVocabulary v && v.entries.equals(entries);
  }

  @Override
  public int hashCode() {
    return entries.hashCode();
  }

  /// `5,893 words`
  @Override
  public String toString() {
    return String.format(Locale.ROOT, "%,d words", entries.size() - SPECIAL.size());
  }
}
