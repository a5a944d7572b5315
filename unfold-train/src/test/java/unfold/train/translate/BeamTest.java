package unfold.train.translate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import unfold.data.text.Sentences;
import unfold.data.text.WordVocabulary;
import unfold.engine.Engine;
import unfold.error.InputException;
import unfold.layer.Loss;
import unfold.model.EncoderDecoder;
import unfold.run.Program;
import unfold.run.States;
import unfold.tensor.Tensor;
import unfold.trace.Mode;

/// The search against all sentences that there are, each measured by the program that teaches.
final class BeamTest {
  private static final int WORDS = 6;
  private static final int LONGEST = 3;
  private static final List<int[]> SOURCES =
      List.of(new int[] {4, 5, 4, 3}, new int[] {5, 3}, new int[] {4, 4, 3});

  private final Engine engine = Engine.open(TinyPairs.settings());

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void aBeamThatHoldsAllFindsTheBestOfAll(boolean attention) {
    EncoderDecoder model = TinyPairs.model(WORDS, WORDS, attention, 0);
    var states = new States();
    int all = 27; // two words or the end, three times
    var decoder = new Decoder(engine, model, states, 4, all, 5);
    List<int[]> sentences = sentences();
    var logs = new ArrayList<List<Double>>();
    for (int[] source : SOURCES) {
      logs.add(sentences.stream().map(s -> logProbability(model, states, source, s)).toList());
    }
    var lengths = new TreeSet<Integer>();
    for (double penalty : new double[] {0, 1, 8}) {
      var how = new Search(all, penalty);
      List<Beam> beams = decoder.search(SOURCES, how, List.of(LONGEST, LONGEST, LONGEST));
      for (int n = 0; n < SOURCES.size(); n++) {
        double best = Double.NEGATIVE_INFINITY;
        int[] words = {};
        for (int i = 0; i < sentences.size(); i++) {
          double score = how.score(logs.get(n).get(i), sentences.get(i).length);
          if (score > best) {
            best = score;
            words = sentences.get(i);
          }
        }
        Beam.Hypothesis found = beams.get(n).best();
        assertThat(beams.get(n).score(found)).isEqualTo(best, within(1e-5));
        assertThat(found.words())
            .containsExactly(Arrays.stream(words).filter(w -> w != WordVocabulary.END).toArray());
        lengths.add(found.length());
      }
    }
    assertThat(lengths).hasSizeGreaterThan(1); // so that the penalty matters
  }

  @Test
  void aBeamOfOneTakesTheLikeliestWordEachTime() {
    EncoderDecoder model = TinyPairs.model(WORDS, WORDS, true, 0);
    var states = new States();
    var decoder = new Decoder(engine, model, states, 3, 1, 5);
    List<Beam> beams = decoder.search(SOURCES, Search.GREEDY, List.of(2, 3, 4));
    for (int n = 0; n < SOURCES.size(); n++) {
      var words = new ArrayList<Integer>();
      while (words.size() < 2 + n && !words.contains(WordVocabulary.END)) {
        int best = WordVocabulary.END;
        double most = Double.NEGATIVE_INFINITY;
        for (int word = WordVocabulary.END; word < WORDS; word++) {
          var longer = new ArrayList<>(words);
          longer.add(word);
          int[] sentence = longer.stream().mapToInt(Integer::intValue).toArray();
          double log = logProbability(model, states, SOURCES.get(n), sentence);
          if (log > most) {
            most = log;
            best = word;
          }
        }
        words.add(best);
      }
      words.removeIf(w -> w == WordVocabulary.END);
      assertThat(beams.get(n).best().words())
          .containsExactly(words.stream().mapToInt(Integer::intValue).toArray());
    }
  }

  @Test
  void settingsOutsideTheirRangeAreRefused() {
    assertThatThrownBy(() -> new Search(0, 1))
        .isInstanceOf(InputException.class)
        .hasMessage("the beam must be 1 … 100, but is 0");
    assertThatThrownBy(() -> new Search(5, -1))
        .isInstanceOf(InputException.class)
        .hasMessage("the length penalty must be at least 0, but is -1.0");
  }

  /// All sentences of up to three words, ended or as long as may be.
  private static List<int[]> sentences() {
    var all = new ArrayList<int[]>();
    var open = new ArrayList<>(List.of(new int[0]));
    while (!open.isEmpty()) {
      int[] s = open.removeFirst();
      for (int word = WordVocabulary.END; word < WORDS; word++) {
        int[] longer = Arrays.copyOf(s, s.length + 1);
        longer[s.length] = word;
        boolean over = word == WordVocabulary.END || longer.length == LONGEST;
        (over ? all : open).add(longer);
      }
    }
    return all;
  }

  private double logProbability(EncoderDecoder model, States states, int[] source, int[] words) {
    var size = new EncoderDecoder.Size(1, source.length, words.length);
    Program program =
        engine.answering(
            model.teaching(size, new Loss.SoftmaxCrossEntropy(), Mode.EVAL, false), states);
    int[] given = new int[words.length];
    given[0] = WordVocabulary.BEGIN;
    System.arraycopy(words, 0, given, 1, words.length - 1);
    for (var feed : List.of("source", "target")) {
      Tensor t = Tensor.zeros(program.type(feed));
      new Sentences(List.of(feed.equals("source") ? source : given)).fill(List.of(0), 0, t);
      program.feed(feed, t);
    }
    Tensor length = Tensor.zeros(program.type("lengths"));
    length.set(0, source.length);
    program.feed("lengths", length);
    Tensor labels = Tensor.zeros(program.type("labels"));
    for (int t = 0; t < words.length; t++) {
      labels.set(t, words[t]);
    }
    program.feed("labels", labels);
    program.run();
    return -program.scalar("loss") * words.length;
  }
}
