package unfold.train.caption;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import unfold.data.Dataset;
import unfold.data.Datasets;
import unfold.data.Portrait;
import unfold.data.Splits;
import unfold.data.image.PictureShape;
import unfold.data.text.WordVocabulary;
import unfold.engine.Engine;
import unfold.engine.Feed;
import unfold.engine.Learner;
import unfold.error.InputException;
import unfold.layer.Loss;
import unfold.model.Captioner;
import unfold.optimizer.Optimizer;
import unfold.random.Stream;
import unfold.run.States;
import unfold.tensor.Shape;
import unfold.tensor.Tensor;
import unfold.train.Counted;
import unfold.train.Lesson;
import unfold.train.RunConfig;
import unfold.train.Score;
import unfold.train.Subject;
import unfold.train.Tally;
import unfold.train.text.VocabularyFile;

/// Pictures and a sentence about each. The gradient of every word goes back into the encoder.
public final class CaptionSubject implements Subject {
  private static final String VOCABULARY = "vocab.json";

  /// Held out, if the set has no validation pictures of its own, and how many are measured at most.
  private static final double HELD_SHARE = 0.05;

  private static final int MOST_HELD = 2000;

  /// Pictures that are larger or of many shapes are brought to squares of this side.
  private static final int LARGEST = 64;

  private static final int SHOWN = 3;

  private final RunConfig config;
  private final Captioner model;
  private final WordVocabulary vocabulary;
  private final Described train;
  private final Described held;

  private CaptionSubject(
      RunConfig config,
      Captioner model,
      WordVocabulary vocabulary,
      Described train,
      Described held) {
    this.config = config;
    this.model = model;
    this.vocabulary = vocabulary;
    this.train = train;
    this.held = held;
  }

  /// What a network for some pictures must fit.
  ///
  /// @param words entries of the vocabulary
  public record Task(PictureShape shape, int words) {}

  /// The task that a set of pictures sets.
  public static Task task(RunConfig.Captions asked) {
    Dataset all = Datasets.named(asked.source()).train();
    PictureShape square =
        new PictureShape(LARGEST, LARGEST, all.shape().map(PictureShape::channels).orElse(3));
    PictureShape shape =
        all.shape().filter(s -> s.height() <= LARGEST && s.width() <= LARGEST).orElse(square);
    return new Task(shape, vocabulary(all).size());
  }

  /// All words that sentences about a set's pictures can have.
  private static WordVocabulary vocabulary(Dataset set) {
    return WordVocabulary.of(
        set.classes().stream().flatMap(c -> Portrait.all().stream().map(p -> p.sentence(c))), 1, 0);
  }

  /// The shape of the pictures that a network is made for.
  static PictureShape shape(Captioner model) {
    if (model.topic() instanceof Captioner.Topic.Picture p) {
      Shape s = p.picture();
      return new PictureShape(s.dim(1), s.dim(2), s.dim(0));
    }
    throw new InputException(model.name() + " writes about vectors, not about pictures");
  }

  /// @throws InputException if the pictures do not fit the network, or are too few for a batch
  public static CaptionSubject open(RunConfig config, Captioner model) {
    Parts parts = Parts.of(config);
    WordVocabulary vocabulary = vocabulary(parts.train);
    if (vocabulary.size() != model.vocabulary()) {
      throw new InputException(
          parts.train.name()
              + ": sentences have a vocabulary of "
              + vocabulary.size()
              + ", but "
              + model.name()
              + " was made for "
              + model.vocabulary()
              + ": the pictures are others than those of the run");
    }
    int rows = config.recipe().batch();
    RunConfig.Limits limits = config.limits();
    long seed = config.recipe().seed();
    Dataset train = some(parts.train, config.captions().pictures(), seed);
    Dataset held = some(parts.held, MOST_HELD, seed);
    if (limits.overfitBatches() > 0) {
      train = some(train, Math.multiplyExact(limits.overfitBatches(), rows), seed);
      held = train;
    } else if (limits.batches() > 0) {
      train = some(train, Math.multiplyExact(limits.batches(), rows), seed);
      held = some(held, Math.multiplyExact(limits.batches(), rows), seed);
    }
    if (train.size() < rows) {
      throw new InputException(
          train.name()
              + ": "
              + train.size()
              + " pictures are too few for a batch of "
              + rows
              + ": make the batch smaller");
    }
    PictureShape shape = shape(model);
    return new CaptionSubject(
        config, model, vocabulary, Described.of(train, shape), Described.of(held, shape));
  }

  /// The pictures to measure a run's network on at last: the test pictures of its set, or else
  /// those held out.
  public static Described test(RunConfig config, Captioner model) {
    Parts parts = Parts.of(config);
    return Described.of(parts.test.orElse(parts.held), shape(model));
  }

  private record Parts(Dataset train, Dataset held, Optional<Dataset> test) {
    static Parts of(RunConfig config) {
      Splits set = Datasets.named(config.captions().source());
      if (set.validation().isPresent()) {
        return new Parts(set.train(), set.validation().get(), set.test());
      }
      Splits made = set.train().splitFraction(HELD_SHARE, config.recipe().seed());
      return new Parts(made.train(), made.heldOut().orElseThrow(), set.test());
    }
  }

  /// At most so many, chosen by the seed: a set may be sorted by class.
  private static Dataset some(Dataset set, int most, long seed) {
    if (most >= set.size()) {
      return set;
    }
    int[] items = Arrays.copyOf(Stream.of(seed, "captions/some", 0).permutation(set.size()), most);
    Arrays.sort(items);
    return set.subset(items);
  }

  /// The pictures that the best epoch is chosen by.
  Described held() {
    return held;
  }

  /// The network as a config names it.
  public static RunConfig.Network network(Captioner model) {
    return new RunConfig.Network(model.name(), model.options());
  }

  @Override
  public RunConfig.Network network() {
    return network(model);
  }

  @Override
  public Counted counted() {
    return Counted.WORDS;
  }

  @Override
  public List<String> classes() {
    return vocabulary.entries();
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
    return List.of(
        String.format(
            Locale.ROOT,
            "%s: %,d pictures %s with a sentence each, of %s; %,d held out",
            train.name(),
            train.size(),
            train.shape(),
            vocabulary,
            held.size()));
  }

  @Override
  public Map<String, String> files() {
    return Map.of(VOCABULARY, VocabularyFile.text(vocabulary.entries()));
  }

  @Override
  public long batches() {
    return train.size() / config.recipe().batch();
  }

  /// Words, ends of sentences among them.
  @Override
  public int itemsPerBatch() {
    long words = 0;
    for (int i = 0; i < train.size(); i++) {
      words += train.sentence(i).size() + 1;
    }
    return (int) (config.recipe().batch() * words / train.size());
  }

  @Override
  public Lesson open(Engine engine, States states, Runnable kernels) {
    RunConfig.Recipe recipe = config.recipe();
    var loss = new Loss.SoftmaxCrossEntropy().smoothing(recipe.labelSmoothing()).ignore(-1);
    int steps = train.longest() + 1;
    Learner learner =
        engine.learner(
            model.training(recipe.batch(), steps, loss),
            Optimizer.parse(recipe.optimizer()),
            recipe.updating(),
            recipe.seed(),
            states);
    var batch = new CaptionBatch(recipe.batch(), steps, train.shape());
    var describer = new Describer(engine, model, vocabulary, states, kernels);
    return new CaptionLesson(this, learner, batch, describer);
  }

  private record CaptionLesson(
      CaptionSubject subject, Learner learner, CaptionBatch batch, Describer describer)
      implements Lesson {
    @Override
    public Batches from(int epoch, long first) {
      return new Shown(subject, learner, batch, epoch, first);
    }

    @Override
    public Optional<Score> measure() {
      return Optional.of(describer.score(subject.held));
    }

    /// The share of exact sentences, and some sentences.
    @Override
    public Optional<String> sample() {
      Described held = subject.held;
      Describer.Measured m = describer.measure(held);
      var text = new StringBuilder();
      text.append(
          String.format(
              Locale.ROOT,
              "%.2f %% of %,d sentences exact, %s",
              100 * m.exactShare(),
              m.sentences(),
              m.bleu()));
      int shown = Math.min(SHOWN, held.size());
      var written = describer.describe(IntStream.range(0, shown).mapToObj(held::picture).toList());
      for (int i = 0; i < shown; i++) {
        text.append("\n").append(String.join(" ", written.get(i)));
        if (!written.get(i).equals(held.sentence(i))) {
          text.append("  (right: ").append(String.join(" ", held.sentence(i))).append(")");
        }
      }
      return Optional.of(text.toString());
    }
  }

  /// The pictures in a new random order each epoch, as many at a time as a batch has rows.
  private static final class Shown implements Lesson.Batches {
    private final CaptionSubject subject;
    private final Learner learner;
    private final CaptionBatch to;
    private final CaptionBatch.To feeds;
    private final Feed labels;
    private final Tensor logits;
    private int epoch;
    private long batch;
    private int[] order;

    Shown(CaptionSubject subject, Learner learner, CaptionBatch to, int epoch, long batch) {
      this.subject = subject;
      this.learner = learner;
      this.to = to;
      this.feeds = CaptionBatch.To.of(learner.program());
      this.labels = learner.feed("labels");
      this.logits = learner.view("logits");
      this.epoch = epoch;
      this.batch = batch;
      this.order = order();
    }

    private int[] order() {
      return Stream.of(subject.config.recipe().seed(), "captions/order", epoch)
          .permutation(subject.train.size());
    }

    @Override
    public Learner next() {
      if (batch == subject.batches()) {
        epoch++;
        batch = 0;
        order = order();
      }
      for (int n = 0; n < to.rows(); n++) {
        int item = order[(int) batch * to.rows() + n];
        to.set(n, subject.train, item, subject.vocabulary);
      }
      batch++;
      to.write(feeds);
      labels.write(to.labels());
      return learner;
    }

    @Override
    public void count(Tally tally) {
      tally.add(logits, to.labels(), learner.loss());
    }

    @Override
    public void close() {}
  }
}
