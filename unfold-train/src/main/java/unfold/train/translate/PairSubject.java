package unfold.train.translate;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import unfold.data.text.LengthBuckets;
import unfold.data.text.LengthBuckets.Group;
import unfold.engine.Engine;
import unfold.engine.Learner;
import unfold.error.InputException;
import unfold.layer.Loss;
import unfold.model.EncoderDecoder;
import unfold.optimizer.Optimizer;
import unfold.run.States;
import unfold.trace.Mode;
import unfold.train.Counted;
import unfold.train.Lesson;
import unfold.train.RunConfig;
import unfold.train.Score;
import unfold.train.Subject;
import unfold.train.Tally;
import unfold.train.text.Texts;

/// Pairs of sentences to be translated word by word, in batches of similar lengths. Padding counts
/// nowhere: not in the loss, not in a gradient, not in a figure.
public final class PairSubject implements Subject {
  /// Held-out pairs that are translated now and then, for people to look at.
  private static final int SHOWN = 3;

  private final RunConfig config;
  private final EncoderDecoder model;
  private final Languages languages;
  private final Corpus train;
  private final Corpus held;
  private final Pairs pairs;
  private final Pairs heldPairs;
  private final LengthBuckets buckets;

  private PairSubject(
      RunConfig config, EncoderDecoder model, Languages languages, Corpus train, Corpus held) {
    this.config = config;
    this.model = model;
    this.languages = languages;
    this.train = train;
    this.held = held;
    int longest = config.pairs().longest();
    this.pairs = Pairs.of(train, languages, model.reversed(), longest);
    this.heldPairs = Pairs.of(held, languages, model.reversed(), longest);
    require(pairs, train, longest);
    require(heldPairs, held, longest);
    int rows = Math.min(config.recipe().batch(), pairs.size());
    this.buckets = pairs.buckets(config.pairs().buckets(), rows);
  }

  private static void require(Pairs pairs, Corpus corpus, int longest) {
    if (pairs.size() == 0) {
      throw new InputException(
          corpus.name()
              + ": of "
              + corpus.size()
              + " pairs none has words on both sides and at most "
              + longest
              + " of them");
    }
  }

  /// @throws InputException if files are missing or do not fit each other or the network
  public static PairSubject open(RunConfig config, EncoderDecoder model) {
    RunConfig.Pairs asked = config.pairs();
    Path folder = Path.of(asked.source());
    Corpus train = Corpus.open(folder, "train", asked.from(), asked.to());
    Corpus held = Corpus.open(folder, "val", asked.from(), asked.to());
    Languages languages = Languages.of(asked, train);
    languages.require(model, train.name());
    RunConfig.Limits limits = config.limits();
    int batch = config.recipe().batch();
    if (limits.overfitBatches() > 0) {
      Corpus few = train.first(Math.multiplyExact(limits.overfitBatches(), batch));
      return new PairSubject(config, model, languages, few, few);
    }
    if (limits.batches() > 0) {
      int lines = Math.multiplyExact(limits.batches(), batch);
      return new PairSubject(config, model, languages, train.first(lines), held.first(lines));
    }
    return new PairSubject(config, model, languages, train, held);
  }

  /// The network as a config names it.
  public static RunConfig.Network network(EncoderDecoder model) {
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
    return languages.target().entries();
  }

  @Override
  public String trainData() {
    return Texts.fingerprint(train.text());
  }

  @Override
  public Optional<String> heldOut() {
    return Optional.of(Texts.fingerprint(held.text()));
  }

  @Override
  public List<String> notes() {
    var notes = new ArrayList<String>();
    notes.add(
        String.format(
            Locale.ROOT,
            "%s: %,d pairs, %s to read, %s to write; batches of up to %s words",
            train.name(),
            pairs.size(),
            languages.source(),
            languages.target(),
            String.join(
                ", ", buckets.bounds().stream().map(b -> Integer.toString(b - 1)).toList())));
    int out = train.size() - pairs.size();
    if (out > 0) {
      notes.add(
          String.format(
              Locale.ROOT,
              "%,d pairs are left out: a side is empty or has more than %d words",
              out,
              config.pairs().longest()));
    }
    RunConfig.Limits limits = config.limits();
    if (limits.overfitBatches() > 0) {
      notes.add("a dry run: learns from " + pairs.size() + " pairs and is measured on the same");
    } else if (limits.batches() > 0) {
      notes.add("a dry run: learns from " + pairs.size() + " pairs");
    }
    return notes;
  }

  @Override
  public Map<String, String> files() {
    return languages.files();
  }

  @Override
  public long batches() {
    return buckets.batches();
  }

  @Override
  public int itemsPerBatch() {
    return Math.toIntExact(pairs.words() / buckets.batches());
  }

  /// Programs are compiled in one order, longest sentences first: the first one decides how the
  /// weights lie.
  @Override
  public Lesson open(Engine engine, States states, Runnable kernels) {
    RunConfig.Recipe recipe = config.recipe();
    var loss = new Loss.SoftmaxCrossEntropy().smoothing(recipe.labelSmoothing()).ignore(Pairs.NONE);
    var learners = new ArrayList<Learner>();
    for (int length : buckets.bounds().reversed()) {
      var size = new EncoderDecoder.Size(buckets.rows(), length, length);
      boolean sampled = config.pairs().sampling() > 0;
      learners.addFirst(
          engine.learner(
              model.teaching(size, loss, Mode.TRAIN, sampled),
              Optimizer.parse(recipe.optimizer()),
              recipe.updating(),
              recipe.seed(),
              states));
    }
    return new PairLesson(this, engine, states, learners, kernels);
  }

  private static final class PairLesson implements Lesson {
    private final PairSubject subject;
    private final Engine engine;
    private final States states;
    private final Runnable kernels;
    private final List<Learner> learners;
    private final List<Teaching> feeds;
    private final Translator translator;
    private Optional<PairScorer> scorer = Optional.empty();

    PairLesson(
        PairSubject subject,
        Engine engine,
        States states,
        List<Learner> learners,
        Runnable kernels) {
      this.subject = subject;
      this.engine = engine;
      this.states = states;
      this.kernels = kernels;
      this.learners = List.copyOf(learners);
      this.feeds = learners.stream().map(Teaching::of).toList();
      this.translator = new Translator(engine, subject.model, subject.languages, states, kernels);
    }

    @Override
    public Batches from(int epoch, long batch) {
      return new Shuffled(this, epoch, batch);
    }

    @Override
    public Optional<Score> measure() {
      if (scorer.isEmpty()) {
        int rows = subject.buckets.rows();
        scorer =
            Optional.of(new PairScorer(engine, subject.model, states, subject.heldPairs, rows));
        kernels.run();
      }
      return scorer.map(PairScorer::score);
    }

    @Override
    public Optional<String> sample() {
      Corpus few = subject.held.first(SHOWN);
      List<Translator.Translation> made = translator.translate(few.source(), Search.GREEDY);
      var text = new StringBuilder();
      for (int i = 0; i < made.size(); i++) {
        text.append(few.source().get(i)).append("\n  = ").append(made.get(i).text());
        text.append("\n  ~ ").append(few.target().get(i)).append("\n");
      }
      return Optional.of(text.toString());
    }
  }

  /// The batches of one epoch after the other.
  private static final class Shuffled implements Lesson.Batches {
    private final PairLesson lesson;
    private final PairSubject subject;
    private int epoch;
    private int batch;
    private List<Group> groups;
    private int bucket;

    Shuffled(PairLesson lesson, int epoch, long batch) {
      this.lesson = lesson;
      this.subject = lesson.subject;
      this.epoch = epoch;
      this.batch = (int) batch;
      this.groups = groups();
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
      bucket = group.bucket();
      lesson.feeds.get(bucket).write(subject.pairs, group, chance());
      batch++;
      return lesson.learners.get(bucket);
    }

    /// Grows from 0 in the first step to what was asked in the last.
    private double chance() {
      long last = (long) subject.config.recipe().epochs() * groups.size() - 1;
      long now = (long) epoch * groups.size() + batch;
      return last == 0 ? 0 : subject.config.pairs().sampling() * now / last;
    }

    @Override
    public void count(Tally tally) {
      Teaching feed = lesson.feeds.get(bucket);
      tally.add(feed.logits(), feed.labels(), lesson.learners.get(bucket).loss());
    }

    @Override
    public void close() {}
  }
}
