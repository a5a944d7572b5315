package unfold.train;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import unfold.data.Batch;
import unfold.data.Dataset;
import unfold.data.Loading;
import unfold.data.Splits;
import unfold.engine.Engine;
import unfold.engine.TrainingSettings;
import unfold.error.InputException;
import unfold.layer.Loss;
import unfold.model.Model;
import unfold.optimizer.Optimizer;
import unfold.run.States;
import unfold.tensor.Tensor;
import unfold.trace.Freeze;

/// Pictures with a class each.
record PictureSubject(
    RunConfig config, Model model, RunData data, Loading training, Optional<Held> held)
    implements Subject {

  /// The pictures to measure on.
  record Held(Dataset data, Loading loading) {}

  /// @param set instead of the config's source, for pictures of one's own
  static PictureSubject open(RunConfig config, Model model, Optional<Splits> set) {
    if (config.tuning().phases(model).size() > 1 && config.tricks().average() > 0) {
      throw new InputException(
          "a running average of the weights does not go with gradual unfreezing: each phase begins"
              + " with an empty memory; leave one of the two out");
    }
    RunData data = set.map(s -> RunData.of(config, s)).orElseGet(() -> RunData.open(config));
    Loading training = Preparation.training(model, data.train(), config);
    int batch = config.recipe().batch();
    int threads = config.pictures().threads();
    Optional<Held> held =
        data.heldOut().map(s -> new Held(s, Preparation.evaluation(model, s, batch, threads)));
    return new PictureSubject(config, model, data, training, held);
  }

  /// As a run begins to learn.
  static TrainingSettings settings(RunConfig config, Model model) {
    return settings(config, model, config.tuning().frozen(model));
  }

  static TrainingSettings settings(RunConfig config, Model model, Freeze freeze) {
    RunConfig.Recipe recipe = config.recipe();
    return TrainingSettings.of(Optimizer.parse(recipe.optimizer()), recipe.seed())
        .updating(
            recipe
                .updating()
                .average(config.tricks().average())
                .rates(config.tuning().factors(model)))
        .freeze(freeze)
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
    return new PictureLesson(this, engine, states, kernels);
  }
}
