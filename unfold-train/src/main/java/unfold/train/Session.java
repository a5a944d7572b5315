package unfold.train;

import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import unfold.engine.Learner;
import unfold.error.InputException;
import unfold.optimizer.Progress;
import unfold.train.Outcome.End;

/// One sitting of a run: the loop. What it does around a step (take a batch, count the answers,
/// look at the clock) allocates nothing.
final class Session {
  private final Setup setup;
  private final RunConfig config;
  private final Reporter reporter;
  private final Keeper keeper;
  private final Lesson lesson;
  private final long batches;
  private final long startNanos = System.nanoTime();

  private History history;
  private int epoch;
  private long batch;
  private long steps;
  private final Tally tally;
  private long clipped;
  private long nextSample;
  private double epochSeconds;
  private long tickNanos = startNanos;
  private double[] rates;
  private Optional<Score> stopped = Optional.empty();
  private @Nullable Learner last;

  Session(Setup setup) {
    this.setup = setup;
    this.config = setup.task().config();
    this.reporter = setup.task().reporter();
    this.keeper = setup.keeper();
    this.lesson = setup.lesson();
    this.batches = setup.subject().batches();
    Position at = setup.start();
    this.history = at.history();
    this.epoch = at.epoch();
    this.batch = at.batch();
    this.steps = at.step();
    this.nextSample = momentAfter(steps);
    this.tally = new Tally(setup.subject().counted(), at.partial());
    this.clipped = at.clipped();
    this.epochSeconds = at.epochSeconds();
    this.rates = rates();
  }

  Outcome run(Stop stop) {
    Optional<End> end = decided();
    if (end.isPresent()) {
      return new Outcome(end.get(), history, stopped);
    }
    if (batch == batches) {
      enter();
      end = endEpoch();
    }
    if (end.isEmpty()) {
      try (var taken = lesson.from(epoch, batch)) {
        while (end.isEmpty()) {
          end = epoch(taken, stop);
        }
      }
    }
    keeper.end(position());
    return new Outcome(end.get(), history, stopped);
  }

  /// Why the run is over after the epochs so far, if it is.
  private Optional<End> decided() {
    if (epoch >= config.recipe().epochs()) {
      return Optional.of(End.FINISHED);
    }
    int patience = config.limits().patience();
    return patience > 0 && history.sinceBest() >= patience
        ? Optional.of(End.EARLY)
        : Optional.empty();
  }

  private void enter() {
    lesson.enter(epoch, batch == 0).ifPresent(reporter::note);
  }

  /// What is left of the epoch.
  private Optional<End> epoch(Lesson.Batches taken, Stop stop) {
    enter();
    long size = setup.subject().itemsPerBatch();
    reporter.begin(
        setup.subject().counted(),
        epoch + 1,
        config.recipe().epochs(),
        batch * size,
        batches * size);
    tickNanos = System.nanoTime();
    Optional<End> cut = steps(taken, stop);
    tick();
    if (cut.isPresent()) {
      requireFinite();
      boolean saved = keeper.save(position());
      reporter.note(
          "stopped at step "
              + steps
              + " (epoch "
              + (epoch + 1)
              + ", batch "
              + batch
              + " of "
              + batches
              + ")"
              + (saved ? ": saved" : ""));
    }
    if (batch < batches) {
      stopped = lesson.measure();
      return cut;
    }
    Optional<End> end = endEpoch();
    return end.isPresent() ? end : cut;
  }

  private Optional<End> steps(Lesson.Batches taken, Stop stop) {
    long limit =
        config.limits().seconds() == 0
            ? Long.MAX_VALUE
            : config.limits().seconds() * 1_000_000_000L;
    long period = setup.task().checkpoints().toNanos();
    long savedNanos = tickNanos;
    while (batch < batches) {
      one(taken);
      if (stop.wished()) {
        return Optional.of(End.STOPPED);
      }
      long now = System.nanoTime();
      if (now - startNanos >= limit) {
        return Optional.of(End.TIME);
      }
      if (now - savedNanos >= period) {
        tick();
        requireFinite();
        keeper.save(position());
        savedNanos = System.nanoTime();
      }
    }
    return Optional.empty();
  }

  /// Brings the time that the epoch took up to now.
  private void tick() {
    long now = System.nanoTime();
    epochSeconds += (now - tickNanos) / 1e9;
    tickNanos = now;
  }

  private void one(Lesson.Batches taken) {
    Learner learner = take(taken);
    last = learner;
    learner.run(rates[(int) batch], steps + 1);
    float loss = learner.loss();
    if (!Float.isFinite(loss)) {
      throw diverged(learner);
    }
    taken.count(tally);
    if (learner.clipped()) {
      clipped++;
    }
    batch++;
    steps++;
    reporter.step(tally.items(), tally.loss());
    if (steps == nextSample) {
      sample();
    }
  }

  /// Shows what the network makes, early on more often than later.
  private void sample() {
    nextSample = momentAfter(steps);
    tick();
    lesson.sample().ifPresent(text -> reporter.sample(steps, text));
    tickNanos = System.nanoTime();
  }

  /// The next of the steps 100, 300, 1000, 3000 and so on.
  static long momentAfter(long step) {
    long moment = 100;
    while (moment <= step) {
      moment = Long.toString(moment).charAt(0) == '1' ? 3 * moment : moment / 3 * 10;
    }
    return moment;
  }

  /// A batch that cannot be read ends the run, but costs nothing of it.
  private Learner take(Lesson.Batches taken) {
    try {
      return taken.next();
    } catch (RuntimeException e) {
      if (keeper.firstNotFinite().isEmpty()) {
        keeper.save(position());
      }
      throw e;
    }
  }

  /// The loss of the next step would tell, but what is saved until then would be lost for good.
  private void requireFinite() {
    keeper
        .firstNotFinite()
        .ifPresent(state -> {
          throw diverged(ruinedBy(state), false);
        });
  }

  private String ruinedBy(String state) {
    return "the update of step "
        + steps
        + " made numbers that are not finite: "
        + state
        + Optional.ofNullable(last)
            .flatMap(Learner::firstStateNotFinite)
            .map(op -> "; first " + op)
            .orElse("");
  }

  private InputException diverged(Learner learner) {
    Optional<String> state = keeper.firstNotFinite();
    String origin =
        state
            .map(s -> "; " + ruinedBy(s))
            .or(() ->
                learner.firstNotFinite().map(op -> "; first numbers that are not finite: " + op))
            .orElse("");
    return diverged(
        "the loss is "
            + learner.loss()
            + " at step "
            + (steps + 1)
            + " (epoch "
            + (epoch + 1)
            + ")"
            + origin,
        state.isEmpty());
  }

  /// @param finite whether the states are, and so worth going on from: then they are saved
  private InputException diverged(String what, boolean finite) {
    boolean saved = finite && keeper.save(position());
    String kept =
        saved
            ? "the state before this step is saved"
            : keeper.kept() ? "what was saved last stays as it is" : "nothing was saved yet";
    double rate = rates[(int) Math.min(batch, rates.length - 1)];
    return new InputException(
        what
            + ": lower the learning rate (now "
            + Text.number(rate, 3)
            + ") or limit the gradients ("
            + (config.recipe().clip() == 0 ? "clip" : "clip below " + config.recipe().clip())
            + "); "
            + kept);
  }

  /// The epoch is trained: measures and saves.
  ///
  /// @return why the run is over, if it is
  private Optional<End> endEpoch() {
    requireFinite();
    long before = System.nanoTime();
    Optional<Score> validation = lesson.measure();
    double seconds = epochSeconds + (System.nanoTime() - before) / 1e9;
    Score train = tally.score();
    var record =
        new EpochRecord(
            epoch + 1,
            steps,
            rates[rates.length - 1],
            train,
            validation,
            config.recipe().clips() ? Optional.of((double) clipped / batches) : Optional.empty(),
            train.items() / epochSeconds,
            seconds);
    history = history.with(record);
    epoch++;
    batch = 0;
    tally.clear();
    clipped = 0;
    epochSeconds = 0;
    rates = rates();
    keeper.epoch(position(), history.lastIsBest());
    reporter.epoch(record, history.lastIsBest());
    return decided();
  }

  private Position position() {
    return new Position(
        Position.VERSION, epoch, batch, steps, tally.sums(), clipped, epochSeconds, history);
  }

  /// Learning rates of the epoch's steps. Within an epoch the history does not change.
  private double[] rates() {
    List<Double> losses =
        history.epochs().stream().map(r -> r.validation().orElse(r.train()).loss()).toList();
    double[] all = new double[Math.toIntExact(batches)];
    for (int k = 0; k < all.length; k++) {
      var at =
          new Progress((long) epoch * batches + k, batches, config.recipe().epochs())
              .history(losses);
      all[k] = setup.schedule().rate(setup.optimizer().rate(), at);
    }
    return all;
  }
}
