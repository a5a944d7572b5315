package unfold.train.text;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import unfold.data.text.TokenStreams;
import unfold.data.text.Vocabulary;
import unfold.engine.Engine;
import unfold.engine.Feed;
import unfold.engine.Learner;
import unfold.error.InputException;
import unfold.layer.Loss;
import unfold.model.LanguageModel;
import unfold.optimizer.Optimizer;
import unfold.run.States;
import unfold.tensor.DType;
import unfold.tensor.Tensor;
import unfold.train.Counted;
import unfold.train.Lesson;
import unfold.train.RunConfig;
import unfold.train.Score;
import unfold.train.Subject;
import unfold.train.Tally;

/// A text to be foretold character by character, in parallel streams with truncated backpropagation
/// through time: states are carried from step to step and start anew with each epoch; gradients go
/// back `sequence` steps.
public final class TextSubject implements Subject {
  /// A held-out text is measured in parallel streams, which start from nothing; each is long enough
  /// for that to cost little.
  private static final int LEAST_STREAM = 4000;

  private static final int SAMPLE = 300;

  private final RunConfig config;
  private final LanguageModel model;
  private final TextData data;

  private TextSubject(RunConfig config, LanguageModel model, TextData data) {
    this.config = config;
    this.model = model;
    this.data = data;
  }

  /// The vocabulary of a config's text, whose size the network needs.
  public static Vocabulary vocabulary(RunConfig.Text text) {
    return Vocabulary.of(Texts.named(text.source()));
  }

  /// @throws InputException if the text does not fit the network or is too short
  public static TextSubject open(RunConfig config, LanguageModel model) {
    TextData data = TextData.open(config);
    if (data.vocabulary().size() != model.vocabulary()) {
      throw new InputException(
          config.text().source()
              + ": has "
              + data.vocabulary().size()
              + " different characters, but "
              + model.name()
              + " foretells "
              + model.vocabulary()
              + ": the text is another than that of the run");
    }
    return new TextSubject(config, model, data);
  }

  /// The part of a config's text that was held out.
  ///
  /// @throws InputException if none was
  public static String heldOut(RunConfig config) {
    TextData data = TextData.open(config);
    if (data.heldText().isEmpty()) {
      throw new InputException(
          config.text().source() + ": the run held nothing out; name a text with --text FILE");
    }
    return data.vocabulary().decode(data.heldOut().stream().mapToInt(Integer::intValue).toArray());
  }

  /// The network as a config names it.
  public static RunConfig.Network network(LanguageModel model) {
    return new RunConfig.Network(model.name(), model.options());
  }

  @Override
  public RunConfig.Network network() {
    return network(model);
  }

  @Override
  public Counted counted() {
    return Counted.CHARACTERS;
  }

  @Override
  public List<String> classes() {
    return data.vocabulary().entries();
  }

  @Override
  public String trainData() {
    return data.trainText();
  }

  @Override
  public Optional<String> heldOut() {
    return data.heldText().isEmpty() ? Optional.empty() : Optional.of(data.heldText());
  }

  @Override
  public List<String> notes() {
    return data.notes();
  }

  @Override
  public Map<String, String> files() {
    return VocabularyFile.file(data.vocabulary());
  }

  @Override
  public long batches() {
    return data.train().windows();
  }

  @Override
  public int itemsPerBatch() {
    return data.train().rows() * data.train().steps();
  }

  @Override
  public Lesson open(Engine engine, States states, Runnable kernels) {
    RunConfig.Recipe recipe = config.recipe();
    var loss = new Loss.SoftmaxCrossEntropy().smoothing(recipe.labelSmoothing());
    Learner learner =
        engine.learner(
            model.training(data.train().rows(), data.train().steps(), loss),
            Optimizer.parse(recipe.optimizer()),
            recipe.updating(),
            recipe.seed(),
            states);
    return new TextLesson(this, engine, states, learner, kernels);
  }

  private static final class TextLesson implements Lesson {
    private final TextSubject subject;
    private final Engine engine;
    private final States states;
    private final Learner learner;
    private final Runnable kernels;
    private final int[] held;
    private final Writer writer;
    private Optional<Reader> reader = Optional.empty();

    TextLesson(
        TextSubject subject, Engine engine, States states, Learner learner, Runnable kernels) {
      this.subject = subject;
      this.engine = engine;
      this.states = states;
      this.learner = learner;
      this.kernels = kernels;
      this.held = subject.data.heldOut().stream().mapToInt(Integer::intValue).toArray();
      this.writer = new Writer(engine, subject.model, subject.data.vocabulary(), states, kernels);
    }

    @Override
    public Batches from(int epoch, long batch) {
      return new Windows(learner, subject.data.train(), batch);
    }

    @Override
    public Optional<Score> measure() {
      if (held.length < 2) {
        return Optional.empty();
      }
      if (reader.isEmpty()) {
        int rows = Math.clamp(held.length / LEAST_STREAM, 1, subject.data.train().rows());
        int steps = Math.min(subject.data.train().steps(), Math.ceilDiv(held.length - 1, rows));
        reader = Optional.of(new Reader(engine, subject.model, states, rows, steps));
        kernels.run();
      }
      return reader.map(r -> r.score(held));
    }

    @Override
    public Optional<String> sample() {
      return Optional.of(writer.write("", SAMPLE, Sampling.PLAIN, subject.config.recipe().seed()));
    }
  }

  /// The windows of the streams, again and again.
  private static final class Windows implements Lesson.Batches {
    private final Learner learner;
    private final TokenStreams streams;
    private final Tensor tokens;
    private final Tensor labels;
    private final Tensor keep;
    private final Feed tokensFeed;
    private final Feed labelsFeed;
    private final Feed keepFeed;
    private final Tensor logits;
    private int window;

    Windows(Learner learner, TokenStreams streams, long first) {
      this.learner = learner;
      this.streams = streams;
      this.tokens = Tensor.zeros(DType.I32, streams.steps(), streams.rows());
      this.labels = Tensor.zeros(DType.I32, streams.steps() * streams.rows());
      this.keep = Tensor.zeros(DType.F32, streams.rows());
      this.tokensFeed = learner.feed("tokens");
      this.labelsFeed = learner.feed("labels");
      this.keepFeed = learner.feed("keep");
      this.logits = learner.view("logits");
      this.window = (int) first;
    }

    @Override
    public Learner next() {
      streams.fill(window, tokens.data(), labels.data());
      for (int n = 0; n < streams.rows(); n++) {
        keep.set(n, window == 0 ? 0 : 1);
      }
      tokensFeed.write(tokens);
      labelsFeed.write(labels);
      keepFeed.write(keep);
      window = (window + 1) % streams.windows();
      return learner;
    }

    @Override
    public void count(Tally tally) {
      tally.add(logits, labels, learner.loss());
    }

    @Override
    public void close() {}
  }
}
