package unfold.train.translate;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import unfold.data.text.WordVocabulary;

/// The search for one sentence: beginnings that may go on, and sentences that are finished.
final class Beam {
  private static final ValueLayout.OfFloat FLOAT = ValueLayout.JAVA_FLOAT_UNALIGNED;

  private final Search search;
  private final int limit;
  private List<Hypothesis> alive;
  private final List<Hypothesis> finished = new ArrayList<>();
  private final double[] logs;
  private final int[] rows;
  private final int[] words;

  /// A beginning, as a list from its end.
  ///
  /// @param row place in the beam of what it goes on from
  /// @param length words so far, the end among them
  record Hypothesis(
      Optional<Hypothesis> before, int row, int word, double logProbability, int length) {
    static final Hypothesis START = new Hypothesis(Optional.empty(), 0, WordVocabulary.BEGIN, 0, 0);

    /// All words, without beginning and end.
    int[] words() {
      int[] all = new int[length];
      Hypothesis h = this;
      for (int i = length - 1; i >= 0; i--) {
        all[i] = h.word;
        h = h.before.orElseThrow();
      }
      return length > 0 && all[length - 1] == WordVocabulary.END
          ? Arrays.copyOf(all, length - 1)
          : all;
    }
  }

  /// @param limit words at most
  Beam(Search search, int limit) {
    this.search = search;
    this.limit = limit;
    this.alive = List.of(Hypothesis.START);
    this.logs = new double[search.beam()];
    this.rows = new int[search.beam()];
    this.words = new int[search.beam()];
  }

  /// Beginnings that are to go on, each in its row.
  List<Hypothesis> alive() {
    return alive;
  }

  /// Takes the next step.
  ///
  /// @param logProbabilities of the words that may follow each beginning, from `offset` on row by
  ///   row
  void step(MemorySegment logProbabilities, long offset, int vocabulary) {
    int room = search.beam() - finished.size();
    int found = 0;
    for (int row = 0; row < alive.size(); row++) {
      double before = alive.get(row).logProbability();
      long start = offset + (long) row * vocabulary;
      for (int word = WordVocabulary.END; word < vocabulary; word++) {
        double log = before + logProbabilities.getAtIndex(FLOAT, start + word);
        if (found < room || log > logs[found - 1]) {
          found = insert(log, row, word, found, room);
        }
      }
    }
    var next = new ArrayList<Hypothesis>();
    for (int i = 0; i < found; i++) {
      Hypothesis h = alive.get(rows[i]);
      var longer = new Hypothesis(Optional.of(h), rows[i], words[i], logs[i], h.length() + 1);
      (words[i] == WordVocabulary.END ? finished : next).add(longer);
    }
    if (!next.isEmpty() && next.getFirst().length() == limit) {
      finished.addAll(next);
      next.clear();
    }
    alive = List.copyOf(next);
  }

  /// Keeps the candidates sorted, likeliest first; of equal ones the earlier.
  private int insert(double log, int row, int word, int found, int room) {
    int last = Math.min(found, room - 1);
    int i = last;
    while (i > 0 && logs[i - 1] < log) {
      logs[i] = logs[i - 1];
      rows[i] = rows[i - 1];
      words[i] = words[i - 1];
      i--;
    }
    logs[i] = log;
    rows[i] = row;
    words[i] = word;
    return last + 1;
  }

  /// The best sentence, when none is to go on.
  Hypothesis best() {
    Hypothesis best = finished.getFirst();
    for (Hypothesis h : finished) {
      if (score(h) > score(best)) {
        best = h;
      }
    }
    return best;
  }

  double score(Hypothesis h) {
    return search.score(h.logProbability(), h.length());
  }
}
