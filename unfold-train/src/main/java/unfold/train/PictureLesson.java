package unfold.train;

import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import unfold.data.Batch;
import unfold.data.Loader;
import unfold.data.Loading;
import unfold.engine.Engine;
import unfold.engine.Learner;
import unfold.engine.TrainingStep;
import unfold.model.Model;
import unfold.run.States;
import unfold.tensor.Tensor;

/// The step of a run on pictures, and its measuring.
///
/// Where layers are freed as the run goes on, each phase has a step of its own, compiled when the
/// phase is entered. All that will ever learn has its optimiser's memory from the start, so that a
/// checkpoint of any phase fits. A phase lays out the states anew and empties that memory: what a
/// resumed run computes does not depend on the phases before.
final class PictureLesson implements Lesson {
  private final PictureSubject subject;
  private final Engine engine;
  private final States states;
  private final Runnable kernels;
  private final List<FineTuning.Phase> phases;
  private final Optional<Averages> averages;
  private int phase;
  private TrainingStep step;
  private Answers answers;

  PictureLesson(PictureSubject subject, Engine engine, States states, Runnable kernels) {
    this.subject = subject;
    this.engine = engine;
    this.states = states;
    this.kernels = kernels;
    RunConfig config = subject.config();
    Model model = subject.model();
    this.phases = config.tuning().phases(model);
    if (phases.size() > 1) {
      var last = PictureSubject.settings(config, model, phases.getLast().freeze());
      engine.declare(model, last, config.recipe().batch(), states);
    }
    this.step = step(0);
    this.averages =
        config.tricks().average() > 0 ? Optional.of(new Averages(states)) : Optional.empty();
    this.answers = answers();
  }

  private TrainingStep step(int of) {
    RunConfig config = subject.config();
    var settings = PictureSubject.settings(config, subject.model(), phases.get(of).freeze());
    var made = engine.training(subject.model(), settings, config.recipe().batch(), states);
    made.learner().countAfter(phases.get(of).epoch() * subject.batches());
    return made;
  }

  private Answers answers() {
    States measured = averages.map(Averages::averaged).orElse(states);
    return new Answers(engine, subject.model(), measured, kernels);
  }

  @Override
  public Optional<String> enter(int epoch, boolean begins) {
    int now = 0;
    while (now + 1 < phases.size() && phases.get(now + 1).epoch() <= epoch) {
      now++;
    }
    if (now != phase) {
      phase = now;
      states.loosen();
      step = step(now);
      answers = answers();
      kernels.run();
    }
    boolean first = begins && phases.get(now).epoch() == epoch;
    if (first && now > 0) {
      forget();
    }
    return first && phases.size() > 1
        ? Optional.of(phases.get(now).words(subject.model()))
        : Optional.empty();
  }

  private void forget() {
    for (String name : states.names()) {
      if (name.startsWith(Weights.OPTIMIZER)) {
        states.set(name, Tensor.zeros(states.type(name)));
      }
    }
  }

  @Override
  public Batches from(int epoch, long batch) {
    Loading on = subject.training().from(epoch, batch);
    return new PictureBatches(Loader.of(subject.data().train(), on));
  }

  @Override
  public Optional<Score> measure() {
    averages.ifPresent(a -> a.refresh(subject.model()));
    return subject.held().map(h -> answers.score(h.data(), h.loading()));
  }

  private final class PictureBatches implements Batches {
    private final Loader loader;
    private @Nullable Batch held;

    PictureBatches(Loader loader) {
      this.loader = loader;
    }

    @Override
    public Learner next() {
      Batch batch = loader.next();
      step.feed(batch.pictures(), PictureSubject.targets(batch));
      held = batch;
      return step.learner();
    }

    @Override
    public void count(Tally tally) {
      Batch batch = Objects.requireNonNull(held, "no batch was taken");
      tally.add(step.logits(), batch.labels(), step.loss());
      batch.release();
    }

    @Override
    public void close() {
      loader.close();
    }
  }
}
