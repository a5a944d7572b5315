package unfold.train.music;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import unfold.engine.Engine;
import unfold.engine.Learner;
import unfold.error.InputException;
import unfold.model.ChordModel;
import unfold.optimizer.Optimizer;
import unfold.random.Stream;
import unfold.run.States;
import unfold.train.Counted;
import unfold.train.Lesson;
import unfold.train.RunConfig;
import unfold.train.Score;
import unfold.train.Subject;
import unfold.train.Tally;

/// Pieces of music whose next chord is to be foretold. A step takes whole pieces, padded to the
/// longest; what is beyond a piece's end changes nothing. The last batch of an epoch may have empty
/// rows.
public final class MusicSubject implements Subject {
  private final RunConfig config;
  private final ChordModel model;
  private final List<Music.Piece> train;
  private final List<Music.Piece> heldOut;

  private MusicSubject(
      RunConfig config, ChordModel model, List<Music.Piece> train, List<Music.Piece> heldOut) {
    this.config = config;
    this.model = model;
    this.train = train;
    this.heldOut = heldOut;
  }

  /// @throws InputException if the music does not fit the network
  public static MusicSubject open(RunConfig config, ChordModel model) {
    if (model.notes() != Music.NOTES) {
      throw new InputException(
          model.name() + ": knows " + model.notes() + " notes, but a piano has " + Music.NOTES);
    }
    Music music = Music.read(Path.of(config.music().source()));
    List<Music.Piece> train = music.train();
    List<Music.Piece> held = music.validation();
    RunConfig.Limits limits = config.limits();
    if (limits.overfitBatches() > 0) {
      train = first(train, limits.overfitBatches(), config);
      held = train;
    } else if (limits.batches() > 0) {
      train = first(train, limits.batches(), config);
      held = first(held, limits.batches(), config);
    }
    return new MusicSubject(config, model, train, held);
  }

  private static List<Music.Piece> first(List<Music.Piece> all, int batches, RunConfig config) {
    return all.subList(0, (int) Math.min(all.size(), (long) batches * config.recipe().batch()));
  }

  /// The network as a config names it.
  public static RunConfig.Network network(ChordModel model) {
    return new RunConfig.Network(model.name(), model.options());
  }

  @Override
  public RunConfig.Network network() {
    return network(model);
  }

  @Override
  public Counted counted() {
    return Counted.STEPS;
  }

  @Override
  public List<String> classes() {
    return IntStream.range(0, Music.NOTES).mapToObj(k -> "midi " + (Music.LOWEST + k)).toList();
  }

  @Override
  public String trainData() {
    return Music.fingerprint(train);
  }

  @Override
  public Optional<String> heldOut() {
    return Optional.of(Music.fingerprint(heldOut));
  }

  @Override
  public List<String> notes() {
    return List.of(
        "%s: %,d pieces with %,d steps to foretell, %,d pieces held out"
            .formatted(
                config.music().source(), train.size(), Music.foretold(train), heldOut.size()));
  }

  @Override
  public long batches() {
    return Math.ceilDiv(train.size(), config.recipe().batch());
  }

  @Override
  public int itemsPerBatch() {
    return Math.max(1, (int) (Music.foretold(train) / batches()));
  }

  @Override
  public Lesson open(Engine engine, States states, Runnable kernels) {
    RunConfig.Recipe recipe = config.recipe();
    Learner learner =
        engine.learner(
            model.training(recipe.batch(), Music.longest(train)),
            Optimizer.parse(recipe.optimizer()),
            recipe.updating(),
            recipe.seed(),
            states);
    Listener.Measuring measuring =
        new Listener(engine, model, states).measuring(Music.longest(heldOut));
    kernels.run();
    return new MusicLesson(this, learner, measuring);
  }

  private record MusicLesson(MusicSubject subject, Learner learner, Listener.Measuring measuring)
      implements Lesson {
    @Override
    public Batches from(int epoch, long batch) {
      return new Played(subject, learner, epoch, batch);
    }

    @Override
    public Optional<Score> measure() {
      return Optional.of(measuring.score(subject.heldOut));
    }
  }

  /// The pieces in a new random order each epoch, as many at a time as a batch has rows.
  private static final class Played implements Lesson.Batches {
    private final MusicSubject subject;
    private final Learner learner;
    private final PieceBatch to;
    private int epoch;
    private long batch;
    private int[] order;

    Played(MusicSubject subject, Learner learner, int epoch, long batch) {
      this.subject = subject;
      this.learner = learner;
      this.to =
          new PieceBatch(
              subject.config.recipe().batch(), Music.longest(subject.train), learner::feed);
      this.epoch = epoch;
      this.batch = batch;
      this.order = order(epoch);
    }

    private int[] order(int of) {
      long seed = subject.config.recipe().seed();
      return Stream.of(seed, "music/order", of).permutation(subject.train.size());
    }

    @Override
    public Learner next() {
      if (batch == subject.batches()) {
        epoch++;
        batch = 0;
        order = order(epoch);
      }
      to.clear();
      int first = (int) batch * to.rows();
      for (int n = 0; n < to.rows() && first + n < order.length; n++) {
        to.set(n, subject.train.get(order[first + n]));
      }
      batch++;
      to.write();
      return learner;
    }

    @Override
    public void count(Tally tally) {
      tally.add(to.items(), learner.loss());
    }

    @Override
    public void close() {}
  }
}
