package unfold.train.video;

import java.util.List;
import java.util.Optional;
import unfold.data.digits.MovingDigits;
import unfold.engine.Engine;
import unfold.engine.Feed;
import unfold.engine.Learner;
import unfold.error.InputException;
import unfold.layer.Loss;
import unfold.model.FrameLabeller;
import unfold.optimizer.Optimizer;
import unfold.random.Stream;
import unfold.run.States;
import unfold.tensor.Tensor;
import unfold.train.Counted;
import unfold.train.Lesson;
import unfold.train.RunConfig;
import unfold.train.Score;
import unfold.train.Subject;
import unfold.train.Tally;

/// Films whose frames are to be labelled. A step takes whole films, whose gradients go back to
/// their first frames.
public final class VideoSubject implements Subject {
  /// Films to choose the best epoch by, and films to test with, of other handwriting each.
  private static final int VALIDATION = 500;

  private static final int TEST = 1000;

  private final RunConfig config;
  private final FrameLabeller model;
  private final MovingDigits train;
  private final MovingDigits heldOut;

  private VideoSubject(
      RunConfig config, FrameLabeller model, MovingDigits train, MovingDigits heldOut) {
    this.config = config;
    this.model = model;
    this.train = train;
    this.heldOut = heldOut;
  }

  /// @throws InputException if the films do not fit the network, or are too few for a batch
  public static VideoSubject open(RunConfig config, FrameLabeller model) {
    RunConfig.Video asked = config.video();
    int rows = config.recipe().batch();
    var frame = List.of(1, MovingDigits.SIDE, MovingDigits.SIDE);
    if (!model.frame().toList().equals(frame) || model.classes() != MovingDigits.CLASSES) {
      throw new InputException(
          "%s takes frames %s and knows %d labels, but %s has frames %s with %d labels"
              .formatted(
                  model.name(),
                  model.frame(),
                  model.classes(),
                  asked.source(),
                  "1×%1$d×%1$d".formatted(MovingDigits.SIDE),
                  MovingDigits.CLASSES));
    }
    if (asked.films() < rows) {
      throw new InputException(
          asked.films() + " films are too few for a batch of " + rows + ": make the batch smaller");
    }
    var train = MovingDigits.train(asked.films(), asked.frames());
    var held = MovingDigits.validation(VALIDATION, asked.frames());
    RunConfig.Limits limits = config.limits();
    if (limits.overfitBatches() > 0) {
      train = train.first(limits.overfitBatches() * rows);
      held = train;
    } else if (limits.batches() > 0) {
      train = train.first(limits.batches() * rows);
      held = held.first(limits.batches() * rows);
    }
    return new VideoSubject(config, model, train, held);
  }

  /// The films to measure a run's network on at last.
  public static MovingDigits test(RunConfig config) {
    return MovingDigits.test(TEST, config.video().frames());
  }

  /// The network as a config names it.
  public static RunConfig.Network network(FrameLabeller model) {
    return new RunConfig.Network(model.name(), model.options());
  }

  @Override
  public RunConfig.Network network() {
    return network(model);
  }

  @Override
  public Counted counted() {
    return Counted.FRAMES;
  }

  @Override
  public List<String> classes() {
    return MovingDigits.classes();
  }

  @Override
  public String trainData() {
    return train.fingerprint();
  }

  @Override
  public Optional<String> heldOut() {
    return Optional.of(heldOut.fingerprint());
  }

  @Override
  public List<String> notes() {
    return List.of(
        "%,d films of %d frames to learn from, %,d held out; about %.0f %% of the frames are dark"
            .formatted(
                train.size(), train.frames(), heldOut.size(), 100 * MovingDigits.hiddenShare()));
  }

  @Override
  public long batches() {
    return train.size() / config.recipe().batch();
  }

  @Override
  public int itemsPerBatch() {
    return config.recipe().batch() * train.frames();
  }

  @Override
  public Lesson open(Engine engine, States states, Runnable kernels) {
    RunConfig.Recipe recipe = config.recipe();
    var loss = new Loss.SoftmaxCrossEntropy().smoothing(recipe.labelSmoothing());
    Learner learner =
        engine.learner(
            model.training(recipe.batch(), train.frames(), loss),
            Optimizer.parse(recipe.optimizer()),
            recipe.updating(),
            recipe.seed(),
            states);
    var watcher = new Watcher(engine, model, states, kernels);
    return new VideoLesson(this, learner, watcher);
  }

  private record VideoLesson(VideoSubject subject, Learner learner, Watcher watcher)
      implements Lesson {
    @Override
    public Batches from(int epoch, long batch) {
      return new Shown(subject, learner, epoch, batch);
    }

    @Override
    public Optional<Score> measure() {
      return Optional.of(watcher.measure(subject.heldOut).all());
    }
  }

  /// The films in a new random order each epoch, as many at a time as a batch has rows.
  private static final class Shown implements Lesson.Batches {
    private final MovingDigits films;
    private final Learner learner;
    private final long seed;
    private final FilmBatch to;
    private final Feed pictures;
    private final Feed labels;
    private final Tensor logits;
    private final long batches;
    private int epoch;
    private long batch;
    private int[] order;

    Shown(VideoSubject subject, Learner learner, int epoch, long batch) {
      this.films = subject.train;
      this.learner = learner;
      this.seed = subject.config.recipe().seed();
      this.to = new FilmBatch(subject.config.recipe().batch(), films.frames());
      this.pictures = Feed.pictures(learner.program());
      this.labels = learner.feed("labels");
      this.logits = learner.view("logits");
      this.batches = subject.batches();
      this.epoch = epoch;
      this.batch = batch;
      this.order = order(epoch);
    }

    private int[] order(int of) {
      return Stream.of(seed, "video/order", of).permutation(films.size());
    }

    @Override
    public Learner next() {
      if (batch == batches) {
        epoch++;
        batch = 0;
        order = order(epoch);
      }
      for (int n = 0; n < to.rows(); n++) {
        to.set(n, films.film(order[(int) batch * to.rows() + n]));
      }
      batch++;
      pictures.write(to.pictures());
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
