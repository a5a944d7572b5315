package unfold.train.sentence;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import unfold.data.text.LengthBuckets;
import unfold.data.text.LengthBuckets.Group;
import unfold.data.text.Sentences;
import unfold.data.text.WordVocabulary;
import unfold.engine.Engine;
import unfold.engine.Feed;
import unfold.engine.Learner;
import unfold.error.InputException;
import unfold.layer.Loss;
import unfold.model.SequenceClassifier;
import unfold.optimizer.Optimizer;
import unfold.run.States;
import unfold.train.Counted;
import unfold.train.Lesson;
import unfold.train.RunConfig;
import unfold.train.Score;
import unfold.train.Subject;
import unfold.train.Tally;
import unfold.train.text.VocabularyFile;

/// Sentences to be classified, in batches of similar lengths. Padding counts nowhere: not in the
/// loss, not in a gradient, not in a figure.
public final class SentenceSubject implements Subject {
  private static final String VOCABULARY = "vocab.json";

  private final RunConfig config;
  private final SequenceClassifier model;
  private final WordVocabulary vocabulary;
  private final LabelledSentences train;
  private final LabelledSentences held;
  private final Sentences sentences;
  private final LengthBuckets buckets;

  private SentenceSubject(
      RunConfig config,
      SequenceClassifier model,
      WordVocabulary vocabulary,
      LabelledSentences train,
      LabelledSentences held) {
    this.config = config;
    this.model = model;
    this.vocabulary = vocabulary;
    this.train = train;
    this.held = held;
    this.sentences = new Sentences(train.words().stream().map(vocabulary::encode).toList());
    int rows = Math.min(config.recipe().batch(), train.size());
    this.buckets = LengthBuckets.of(sentences.lengths(), config.sentences().buckets(), rows);
  }

  /// What a network for some sentences must fit.
  ///
  /// @param words entries of the vocabulary
  public record Task(int words, int classes) {}

  /// The task that a folder's training sentences set.
  public static Task task(RunConfig.Sentences asked) {
    LabelledSentences train = LabelledSentences.open(Path.of(asked.source()), "train");
    return new Task(vocabulary(asked, train).size(), train.classes());
  }

  private static WordVocabulary vocabulary(RunConfig.Sentences asked, LabelledSentences train) {
    return WordVocabulary.of(train.words().stream(), asked.leastCount(), 0);
  }

  /// @throws InputException or [unfold.error.FormatException] if files are missing or broken, or do
  ///   not fit the network
  public static SentenceSubject open(RunConfig config, SequenceClassifier model) {
    RunConfig.Sentences asked = config.sentences();
    Path folder = Path.of(asked.source());
    LabelledSentences train = LabelledSentences.open(folder, "train");
    WordVocabulary vocabulary = vocabulary(asked, train);
    requireWords(model, vocabulary, train);
    train.requireLabels(model.classes());
    LabelledSentences held = LabelledSentences.open(folder, "dev").requireLabels(model.classes());
    RunConfig.Limits limits = config.limits();
    int batch = config.recipe().batch();
    if (limits.overfitBatches() > 0) {
      LabelledSentences few = train.first(Math.multiplyExact(limits.overfitBatches(), batch));
      return new SentenceSubject(config, model, vocabulary, few, few);
    }
    if (limits.batches() > 0) {
      int lines = Math.multiplyExact(limits.batches(), batch);
      return new SentenceSubject(config, model, vocabulary, train.first(lines), held.first(lines));
    }
    return new SentenceSubject(config, model, vocabulary, train, held);
  }

  private static void requireWords(
      SequenceClassifier model, WordVocabulary vocabulary, LabelledSentences train) {
    String words = model.options().getOrDefault("vocabulary", "");
    if (!words.equals(Integer.toString(vocabulary.size()))) {
      throw new InputException(
          train.name()
              + ": has a vocabulary of "
              + vocabulary.size()
              + ", but "
              + model.name()
              + " was made for "
              + words
              + ": the sentences are others than those of the run");
    }
  }

  /// The network as a config names it.
  public static RunConfig.Network network(SequenceClassifier model) {
    return new RunConfig.Network(model.name(), model.options());
  }

  @Override
  public RunConfig.Network network() {
    return network(model);
  }

  @Override
  public Counted counted() {
    return Counted.SENTENCES;
  }

  @Override
  public List<String> classes() {
    var names = new ArrayList<String>();
    for (int c = 0; c < model.classes(); c++) {
      names.add(Integer.toString(c));
    }
    return names;
  }

  @Override
  public String trainData() {
    return train.fingerprint();
  }

  @Override
  public Optional<String> heldOut() {
    return Optional.of(held.fingerprint());
  }

  @Override
  public List<String> notes() {
    var notes = new ArrayList<String>();
    notes.add(
        String.format(
            Locale.ROOT,
            "%s: %,d sentences of %d classes, %s; batches of up to %s words",
            train.name(),
            train.size(),
            model.classes(),
            vocabulary,
            String.join(", ", buckets.bounds().stream().map(b -> Integer.toString(b)).toList())));
    long empty = train.words().stream().filter(List::isEmpty).count();
    if (empty > 0) {
      notes.add(empty + " of them have no words");
    }
    return notes;
  }

  @Override
  public Map<String, String> files() {
    return Map.of(VOCABULARY, VocabularyFile.text(vocabulary.entries()));
  }

  @Override
  public long batches() {
    return buckets.batches();
  }

  @Override
  public int itemsPerBatch() {
    return buckets.rows();
  }

  /// Programs are compiled in one order, longest sentences first: the first one decides how the
  /// weights lie.
  @Override
  public Lesson open(Engine engine, States states, Runnable kernels) {
    RunConfig.Recipe recipe = config.recipe();
    var loss =
        new Loss.SoftmaxCrossEntropy()
            .smoothing(recipe.labelSmoothing())
            .ignore(SentenceFeeds.NONE);
    var steps = new ArrayList<Step>();
    for (int length : buckets.bounds().reversed()) {
      Learner learner =
          engine.learner(
              model.training(buckets.rows(), length, loss),
              Optimizer.parse(recipe.optimizer()),
              recipe.updating(),
              recipe.seed(),
              states);
      var feeds = new SentenceFeeds(learner.program());
      steps.addFirst(new Step(learner, feeds, learner.feed("labels")));
    }
    var classifier = new SentenceClassifier(engine, model, vocabulary, states, kernels);
    return new SentenceLesson(this, List.copyOf(steps), classifier);
  }

  /// A step for sentences of one bucket.
  private record Step(Learner learner, SentenceFeeds feeds, Feed labels) {}

  private record SentenceLesson(
      SentenceSubject subject, List<Step> steps, SentenceClassifier classifier) implements Lesson {
    @Override
    public Batches from(int epoch, long batch) {
      return new Shuffled(subject, steps, epoch, batch);
    }

    @Override
    public Optional<Score> measure() {
      return Optional.of(classifier.measure(subject.held));
    }
  }

  /// The batches of one epoch after the other.
  private static final class Shuffled implements Lesson.Batches {
    private final SentenceSubject subject;
    private final List<Step> steps;
    private int epoch;
    private int batch;
    private List<Group> groups;
    private Step step;

    Shuffled(SentenceSubject subject, List<Step> steps, int epoch, long batch) {
      this.subject = subject;
      this.steps = steps;
      this.epoch = epoch;
      this.batch = (int) batch;
      this.groups = groups();
      this.step = steps.getFirst();
    }

    private List<Group> groups() {
      return subject.buckets.epoch(subject.config.recipe().seed(), epoch);
    }

    @Override
    public Learner next() {
      if (batch == groups.size()) {
        epoch++;
        batch = 0;
        groups = groups();
      }
      Group group = groups.get(batch);
      step = steps.get(group.bucket());
      step.feeds.write(subject.sentences, subject.train.labels(), group);
      step.labels.write(step.feeds.labels());
      batch++;
      return step.learner;
    }

    @Override
    public void count(Tally tally) {
      tally.add(step.learner.view("logits"), step.feeds.labels(), step.learner.loss());
    }

    @Override
    public void close() {}
  }
}
