package unfold.train;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import unfold.data.Batch;
import unfold.data.Dataset;
import unfold.data.Loader;
import unfold.data.Loading;
import unfold.data.Splits;
import unfold.engine.Engine;
import unfold.engine.Learner;
import unfold.engine.TrainingSettings;
import unfold.engine.TrainingStep;
import unfold.layer.Loss;
import unfold.model.Model;
import unfold.optimizer.Optimizer;
import unfold.run.States;
import unfold.tensor.Tensor;

/// Pictures with a class each.
record PictureSubject(
    RunConfig config, Model model, RunData data, Loading training, Optional<Held> held)
    implements Subject {

  /// The pictures to measure on.
  record Held(Dataset data, Loading loading) {}

  /// @param set instead of the config's source, for pictures of one's own
  static PictureSubject open(RunConfig config, Model model, Optional<Splits> set) {
    RunData data = set.map(s -> RunData.of(config, s)).orElseGet(() -> RunData.open(config));
    Loading training = Preparation.training(model, data.train(), config);
    int batch = config.recipe().batch();
    int threads = config.pictures().threads();
    Optional<Held> held =
        data.heldOut().map(s -> new Held(s, Preparation.evaluation(model, s, batch, threads)));
    return new PictureSubject(config, model, data, training, held);
  }

  static TrainingSettings settings(RunConfig config, Model model) {
    RunConfig.Recipe recipe = config.recipe();
    return TrainingSettings.of(Optimizer.parse(recipe.optimizer()), recipe.seed())
        .updating(
            recipe
                .updating()
                .average(config.tricks().average())
                .rates(config.tuning().factors(model)))
        .freeze(config.tuning().frozen(model))
        .loss(
            Preparation.mixing(config).isNone()
                ? new Loss.SoftmaxCrossEntropy().smoothing(recipe.labelSmoothing())
                : new Loss.SoftCrossEntropy(recipe.labelSmoothing()))
        .parts(config.tricks().parts());
  }

  /// What a step of such settings learns from: labels, or the shares of mixed ones.
  static Tensor targets(Batch batch) {
    return batch.targets().orElse(batch.labels());
  }

  @Override
  public RunConfig.Network network() {
    return RunConfig.Network.of(model);
  }

  @Override
  public Counted counted() {
    return Counted.PICTURES;
  }

  @Override
  public List<String> classes() {
    return data.train().classes();
  }

  @Override
  public String trainData() {
    return data.train().fingerprint();
  }

  @Override
  public Optional<String> heldOut() {
    return data.heldOut().map(Dataset::fingerprint);
  }

  @Override
  public List<String> notes() {
    var notes = new ArrayList<>(data.notes());
    Preparation.note(model, data.train()).ifPresent(notes::add);
    if (!Preparation.mixing(config).isNone()) {
      notes.add(
          "pictures are mixed: training accuracy counts for each the class with the larger share");
    }
    if (config.tricks().average() > 0) {
      notes.add("validation and the best weights are those of the running average of the weights");
    }
    return notes;
  }

  @Override
  public long batches() {
    return data.train().size() / config.recipe().batch();
  }

  @Override
  public int itemsPerBatch() {
    return config.recipe().batch();
  }

  @Override
  public Lesson open(Engine engine, States states, Runnable kernels) {
    var step = engine.training(model, settings(config, model), config.recipe().batch(), states);
    Optional<Averages> averages =
        config.tricks().average() > 0 ? Optional.of(new Averages(states)) : Optional.empty();
    States measured = averages.map(Averages::averaged).orElse(states);
    var answers = new Answers(engine, model, measured, kernels);
    return new PictureLesson(this, step, answers, averages);
  }

  private record PictureLesson(
      PictureSubject subject, TrainingStep step, Answers answers, Optional<Averages> averages)
      implements Lesson {
    @Override
    public Batches from(int epoch, long batch) {
      Loading on = subject.training.from(epoch, batch);
      return new PictureBatches(step, Loader.of(subject.data.train(), on));
    }

    @Override
    public Optional<Score> measure() {
      averages.ifPresent(a -> a.refresh(subject.model));
      return subject.held.map(h -> answers.score(h.data(), h.loading()));
    }
  }

  private static final class PictureBatches implements Lesson.Batches {
    private final TrainingStep step;
    private final Loader loader;
    private @Nullable Batch held;

    PictureBatches(TrainingStep step, Loader loader) {
      this.step = step;
      this.loader = loader;
    }

    @Override
    public Learner next() {
      Batch batch = loader.next();
      step.feed(batch.pictures(), targets(batch));
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
