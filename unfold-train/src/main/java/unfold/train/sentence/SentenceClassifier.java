package unfold.train.sentence;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import unfold.config.Precision;
import unfold.data.text.LengthBuckets;
import unfold.data.text.LengthBuckets.Group;
import unfold.data.text.Sentences;
import unfold.data.text.Tokenizer;
import unfold.data.text.WordVocabulary;
import unfold.engine.Engine;
import unfold.engine.Settings;
import unfold.error.InputException;
import unfold.model.SequenceClassifier;
import unfold.run.Program;
import unfold.run.States;
import unfold.tensor.Tensor;
import unfold.train.Counted;
import unfold.train.RunFolder;
import unfold.train.Score;
import unfold.train.Tally;
import unfold.train.Weights;
import unfold.train.text.VocabularyFile;

/// A trained network that says what sentences are, and measures itself.
public final class SentenceClassifier {
  private static final int ROWS = 64;
  private static final int BUCKETS = 4;

  private final Engine engine;
  private final SequenceClassifier model;
  private final WordVocabulary vocabulary;
  private final States states;
  private final Runnable compiled;
  private final Map<Integer, Answering> programs = new HashMap<>();

  private record Answering(Program program, SentenceFeeds feeds, Tensor logits) {}

  /// @param compiled called when a program was compiled
  SentenceClassifier(
      Engine engine,
      SequenceClassifier model,
      WordVocabulary vocabulary,
      States states,
      Runnable compiled) {
    this.engine = engine;
    this.model = model;
    this.vocabulary = vocabulary;
    this.states = states;
    this.compiled = compiled;
  }

  /// The network of a run: see [RunFolder#weights].
  public static SentenceClassifier open(
      RunFolder run, SequenceClassifier model, Settings settings) {
    WordVocabulary vocabulary = VocabularyFile.readWords(VocabularyFile.in(run));
    var states = new States();
    Weights.read(run.weights()).load(model.name(), model.classes(), model.answering(1, 1), states);
    var engine = Engine.open(run.same(settings));
    return new SentenceClassifier(engine, model, vocabulary, states, () -> {});
  }

  /// The same network, computing in this precision.
  public SentenceClassifier precision(Precision to) {
    var other = Engine.open(engine.settings().precision(to));
    return new SentenceClassifier(other, model, vocabulary, states, compiled);
  }

  /// @throws unfold.error.FormatException if a sentence has a label that the network does not know
  public Score measure(LabelledSentences set) {
    set.requireLabels(model.classes());
    var tally = new Tally(Counted.SENTENCES);
    run(
        set.words(),
        set.labels(),
        (_, answering) -> tally.add(answering.logits, answering.feeds.labels()));
    return tally.score();
  }

  /// What a sentence is taken for.
  ///
  /// @param probabilities of all classes
  /// @param words of it
  /// @param unknown words that the network does not know
  public record Answer(int label, List<Double> probabilities, int words, int unknown) {
    public Answer {
      probabilities = List.copyOf(probabilities);
    }
  }

  /// What each of some sentences is taken for. One without words is taken for what the network
  /// thinks of nothing.
  public List<Answer> classify(List<String> sentences) {
    if (sentences.isEmpty()) {
      throw new InputException("there is no sentence to classify");
    }
    List<List<String>> words = sentences.stream().map(Tokenizer.LOWER_CASE::tokens).toList();
    var answers = new ArrayList<Answer>(Collections.nCopies(words.size(), NOTHING));
    run(
        words,
        Collections.nCopies(words.size(), 0),
        (group, answering) -> {
          for (int row = 0; row < group.items().size(); row++) {
            int item = group.items().get(row);
            answers.set(item, answer(answering.logits, row, words.get(item)));
          }
        });
    return answers;
  }

  private static final Answer NOTHING = new Answer(0, List.of(), 0, 0);

  private Answer answer(Tensor logits, int row, List<String> words) {
    int classes = model.classes();
    double[] x = new double[classes];
    int best = 0;
    for (int c = 0; c < classes; c++) {
      x[c] = logits.get((long) row * classes + c);
      best = x[c] > x[best] ? c : best;
    }
    double sum = 0;
    for (double logit : x) {
      sum += Math.exp(logit - x[best]);
    }
    var probabilities = new ArrayList<Double>();
    for (double logit : x) {
      probabilities.add(Math.exp(logit - x[best]) / sum);
    }
    int unknown =
        (int) words.stream().filter(w -> vocabulary.number(w) == WordVocabulary.UNKNOWN).count();
    return new Answer(best, probabilities, words.size(), unknown);
  }

  /// Takes the answers to a group.
  private interface Sink {
    void accept(Group group, Answering answering);
  }

  private void run(List<List<String>> words, List<Integer> labels, Sink sink) {
    var sentences = new Sentences(words.stream().map(vocabulary::encode).toList());
    var buckets = LengthBuckets.of(sentences.lengths(), BUCKETS, Math.min(ROWS, sentences.size()));
    for (Group group : buckets.inOrder()) {
      Answering answering = answering(buckets.rows(), group.length());
      answering.feeds.write(sentences, labels, group);
      answering.program.run();
      sink.accept(group, answering);
    }
  }

  private Answering answering(int rows, int steps) {
    int key = steps * (ROWS + 1) + rows;
    Answering known = programs.get(key);
    if (known == null) {
      Program program = engine.answering(model.answering(rows, steps), states);
      known = new Answering(program, new SentenceFeeds(program), program.view("logits"));
      programs.put(key, known);
      compiled.run();
    }
    return known;
  }
}
